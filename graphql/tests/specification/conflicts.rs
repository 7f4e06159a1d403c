//! Section 5.3.2, Field Selection Merging: fields of one key that are not the same field are refused, for one of them would be
//! lost. The names of the fragments are those of the section's examples.

use crate::kennel::kennel;

async fn assert_conflict(query: &str) {
    kennel().ask(query).await.assert_refused();
}

async fn assert_merges(query: &str) {
    kennel().ask(query).await.flawless();
}

/// Spreads a fragment of the section where it fits.
fn spread(fragment: &str) -> String {
    let name = fragment.split(' ').nth(1).expect("a fragment has a name");
    let parent = if fragment.contains("on Pet") { "pet" } else { "dog" };
    format!("{{ {parent} {{ ...{name} }} }} {fragment}")
}

#[tokio::test]
async fn the_same_fields_merge() {
    for fragment in [
        "fragment mergeIdenticalFields on Dog { name name }",
        "fragment mergeIdenticalAliasesAndFields on Dog { otherName: name otherName: name }",
        "fragment mergeIdenticalFieldsWithIdenticalArgs on Dog {
            doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: SIT) }",
    ] {
        assert_merges(&spread(fragment)).await;
    }
}

#[tokio::test]
async fn different_fields_under_one_key_are_refused() {
    for fragment in [
        "fragment conflictingBecauseAlias on Dog { name: nickname name }",
        "fragment conflictingArgsOnValues on Dog {
            doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: HEEL) }",
        "fragment differingArgs on Dog { isHouseTrained(atOtherHomes: true) isHouseTrained }",
    ] {
        assert_conflict(&spread(fragment)).await;
    }
}

#[tokio::test]
async fn arguments_given_by_different_variables_are_refused() {
    for query in [
        "query ($dogCommand: DogCommand! = SIT) { dog { ...conflictingArgsValueAndVar } }
        fragment conflictingArgsValueAndVar on Dog {
            doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: $dogCommand) }",
        "query ($varOne: DogCommand! = SIT, $varTwo: DogCommand! = SIT) { dog { ...conflictingArgsWithVars } }
        fragment conflictingArgsWithVars on Dog {
            doesKnowCommand(dogCommand: $varOne) doesKnowCommand(dogCommand: $varTwo) }",
    ] {
        assert_conflict(query).await;
    }
}

#[tokio::test]
async fn different_fields_of_objects_that_are_never_the_same_are_safe() {
    for fragment in [
        "fragment safeDifferingFields on Pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } }",
        "fragment safeDifferingArgs on Pet {
            ... on Dog { doesKnowCommand(dogCommand: SIT) } ... on Cat { doesKnowCommand(catCommand: JUMP) } }",
    ] {
        assert_merges(&spread(fragment)).await;
    }
}

#[tokio::test]
async fn responses_of_different_shape_are_refused_even_of_objects_that_are_never_the_same() {
    for fragment in [
        "fragment conflictingDifferingResponses on Pet {
            ... on Dog { someValue: nickname } ... on Cat { someValue: meowVolume } }",
        "fragment nullableAndNot on Pet { ... on Dog { value: nickname } ... on Cat { value: name } }",
        "fragment objectAndLeaf on Pet { ... on Dog { value: owner { name } } ... on Cat { value: name } }",
    ] {
        assert_conflict(&spread(fragment)).await;
    }
    let query = "{ sentients { ... on Human { v: pets { name } } ... on Alien { v: homePlanet } } }";
    assert_conflict(query).await;
}

#[tokio::test]
async fn conflicts_are_found_below_fields_that_merge() {
    for query in [
        "{ dog { x: name } dog { x: nickname } }",
        "{ dog { owner { x: name } } dog { owner { x: __typename } } }",
        "{ dog { ...A } dog { owner { pets { x: __typename } } } } fragment A on Dog { owner { pets { x: name } } }",
        "mutation { changeTheNumber(newNumber: 1) { theNumber } changeTheNumber(newNumber: 2) { theNumber } }",
    ] {
        assert_conflict(query).await;
    }
}

#[tokio::test]
async fn conflicts_are_found_between_fields_and_fragments() {
    for query in [
        "{ dog { x: name ... on Dog { x: nickname } } }",
        "{ dog { x: name ... { x: nickname } } }",
        "{ dog { x: name ...F } } fragment F on Dog { x: nickname }",
        "{ dog { x: name ... on Pet { x: __typename } } }",
        "{ pet { x: name ... on Dog { x: nickname } } }",
        "{ pet { ...F ... on Dog { x: nickname } } } fragment F on Pet { x: name }",
    ] {
        assert_conflict(query).await;
    }
}

#[tokio::test]
async fn conflicts_are_found_where_nothing_is_executed() {
    for query in [
        "{ dog { x: name x: nickname @skip(if: true) } }",
        "{ dog @include(if: false) { x: name ... on Dog { x: nickname } } }",
        "{ dog { x: name } dog @skip(if: true) { x: nickname } }",
    ] {
        assert_conflict(query).await;
    }
    let query = "query A { dog { name } } query B { dog { x: name } dog { x: nickname } }";
    kennel().ask_for("A", query).await.assert_refused();
}

#[tokio::test]
async fn many_fields_of_one_key_are_compared_without_growing_out_of_hand() {
    let many = |field: &str| format!("{{ dog {{ {} }} }}", field.repeat(1000));
    assert_merges(&many("name ")).await;
    assert_merges(&many("owner { name } ")).await;
    assert_conflict(&many("owner { name } ").replacen("name", "name: __typename", 1)).await;
}
