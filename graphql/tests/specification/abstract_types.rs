//! Sections 4.1 and 6.4.3: each object of an interface or union is answered by what it is, and tells its type.

use crate::kennel::kennel;

async fn assert_data(query: &str, data: &str) {
    let reply = kennel().ask(query).await;
    assert_eq!(reply.flawless(), data, "{query}");
}

#[tokio::test]
async fn fields_of_an_interface_are_those_of_the_object() {
    assert_data("{ pet { name } }", r#"{"pet":{"name":"Rex"}}"#).await;
    assert_data("{ sentients { name } }", r#"{"sentients":[{"name":"Ada"},{"name":"Zog"}]}"#).await;
}

#[tokio::test]
async fn fragments_apply_by_the_type_of_the_object() {
    let query = "{ human { pets { name ... on Dog { barkVolume } ... on Cat { meowVolume } } } }";
    let data = r#"{"human":{"pets":[{"name":"Rex","barkVolume":9},{"name":"Mis","meowVolume":3}]}}"#;
    assert_data(query, data).await;
    let query = "{ catsAndDogs { ...F } } fragment F on CatOrDog { ...D ... on Pet { name } }
        fragment D on Dog { barkVolume }";
    assert_data(query, r#"{"catsAndDogs":[{"name":"Mis"},{"barkVolume":9,"name":"Rex"}]}"#).await;
}

#[tokio::test]
async fn a_key_may_be_another_field_for_another_type() {
    let query = "{ catsAndDogs { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } } }";
    assert_data(query, r#"{"catsAndDogs":[{"volume":3},{"volume":9}]}"#).await;
    let query = "{ human { pets { ... on Dog { doesKnowCommand(dogCommand: SIT) }
        ... on Cat { doesKnowCommand(catCommand: JUMP) } } } }";
    assert_data(query, r#"{"human":{"pets":[{"doesKnowCommand":true},{"doesKnowCommand":true}]}}"#).await;
}

#[tokio::test]
async fn an_object_to_which_no_fragment_applies_is_an_empty_object() {
    assert_data("{ pet { ... on Cat { meowVolume } } }", r#"{"pet":{}}"#).await;
    let query = "{ humansOrAliens { ... on Alien { homePlanet } } }";
    assert_data(query, r#"{"humansOrAliens":[{"homePlanet":"Mars"},null,{}]}"#).await;
}

#[tokio::test]
async fn typename_is_the_type_of_the_object_everywhere() {
    assert_data("{ __typename }", r#"{"__typename":"Query"}"#).await;
    assert_data("{ dog { __typename } }", r#"{"dog":{"__typename":"Dog"}}"#).await;
    assert_data(
        "{ pet { __typename } catOrDog { __typename } }",
        r#"{"pet":{"__typename":"Dog"},"catOrDog":{"__typename":"Cat"}}"#,
    )
    .await;
    let query = "{ humansOrAliens { __typename } sentients { kind: __typename name } }";
    let data = r#"{"humansOrAliens":[{"__typename":"Alien"},null,{"__typename":"Human"}],"sentients":[{"kind":"Human","name":"Ada"},{"kind":"Alien","name":"Zog"}]}"#;
    assert_data(query, data).await;
}

#[tokio::test]
async fn typename_may_be_asked_for_under_any_name_in_any_fragment() {
    let query = "{ a: __typename ...F ... on Query { c: __typename } dog { ... on Pet { d: __typename } } }
        fragment F on Query { b: __typename }";
    assert_data(query, r#"{"a":"Query","b":"Query","c":"Query","dog":{"d":"Dog"}}"#).await;
}

#[tokio::test]
async fn typename_of_a_mutation_is_told() {
    let query = "mutation { __typename changeTheNumber(newNumber: 1) { __typename } }";
    let data = r#"{"__typename":"Mutation","changeTheNumber":{"__typename":"Changed"}}"#;
    assert_data(query, data).await;
}

#[tokio::test]
async fn a_union_is_found_in_the_fragments_of_an_interface_and_the_other_way_round() {
    let query = "{ dogOrHuman { ... on Sentient { name } ... on Pet { bark: name } } }";
    assert_data(query, r#"{"dogOrHuman":{"name":"Ada"}}"#).await;
    let query = "{ pet { ... on CatOrDog { __typename } ... on DogOrHuman { ... on Dog { barkVolume } } } }";
    assert_data(query, r#"{"pet":{"__typename":"Dog","barkVolume":9}}"#).await;
}

#[tokio::test]
async fn interfaces_below_interfaces_are_answered_by_what_each_object_is() {
    let query = "{ pet { ... on Dog { owner { pets { ... on Dog { owner { pets { name } } } name } } } } }";
    let data = r#"{"pet":{"owner":{"pets":[{"owner":{"pets":[{"name":"Rex"},{"name":"Mis"}]},"name":"Rex"},{"name":"Mis"}]}}}"#;
    assert_data(query, data).await;
}
