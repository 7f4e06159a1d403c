//! What results and qualitative evidence together say of a programme theory.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, Theory, code};

on_both_databases!(what_is_known_of_a_theory_is_told, what_bears_on_it_weighs_where_it_is_attached);

fn statement(client: &Client, evaluation: &str) -> Value {
    let selection =
        "statement { implementation theory assessedCount elementCount settled sentence(language: DA) }";
    client.theory(evaluation, selection)["statement"].clone()
}

fn of(implementation: &str, theory: &str, assessed: i32, settled: bool, sentence: &str) -> Value {
    json!({
        "implementation": implementation, "theory": theory, "assessedCount": assessed, "elementCount": 5,
        "settled": settled, "sentence": sentence,
    })
}

fn what_is_known_of_a_theory_is_told(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    evaluator.steps("register", &snor.id);
    assert_eq!(
        statement(&evaluator, &snor.id),
        of(
            "NOT_ASSESSED",
            "NOT_ASSESSED",
            0,
            true,
            "Det er ikke vurderet, om aktiviteterne er gennemført som planlagt, eller om de forventede resultater fulgte."
        )
    );
    for element in [&theory.input, &theory.activity, &theory.output] {
        evaluator.add_evidence(element, "SUPPORTS", "Som planlagt");
    }
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    evaluator.recorded_share(&snor.absence, "AFTER", 26, 43);
    evaluator.add_evidence(&theory.crime, "WEAKENS", "De unge fortæller om flere sager");
    assert_eq!(
        statement(&evaluator, &snor.id),
        of(
            "AS_PLANNED",
            "NOT_FOLLOWED",
            5,
            true,
            "Aktiviteterne er gennemført som planlagt, men de forventede resultater fulgte ikke. Det taler imod \
             programteorien, ikke imod gennemførelsen."
        )
    );
    let english = evaluator.theory(&snor.id, "statement { sentence(language: EN) }");
    assert_eq!(
        english["statement"]["sentence"],
        "The activities were carried out as planned, but the expected outcomes did not follow. This speaks against the \
         programme theory, not against the implementation."
    );
}

fn what_bears_on_it_weighs_where_it_is_attached(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    let unsettled = "For mindst ét succeskriterium er det ikke sikkert, om målet er nået.";
    let followed = format!(
        "Det er ikke vurderet, om aktiviteterne er gennemført som planlagt, men de forventede resultater fulgte. Det bygger \
         på 1 af 5 elementer. {unsettled}"
    );
    assert_eq!(statement(&evaluator, &snor.id), of("NOT_ASSESSED", "FOLLOWED", 1, false, &followed));
    // What explains is not weighed.
    evaluator.add_evidence(&theory.trust, "WEAKENS", "De unge kender ikke deres kontaktperson");
    assert_eq!(statement(&evaluator, &snor.id), of("NOT_ASSESSED", "FOLLOWED", 1, false, &followed));
    let attached =
        json!({ "criterionId": snor.absence, "elementId": theory.output, "reason": "Efter drøftelse" });
    assert_eq!(code(&evaluator.change("attachSuccessCriterion", &snor.id, attached)), "OK");
    let carried_out = format!(
        "Aktiviteterne er gennemført som planlagt, men det er ikke vurderet, om de forventede resultater fulgte. Det bygger \
         på 1 af 5 elementer. {unsettled}"
    );
    assert_eq!(statement(&evaluator, &snor.id), of("AS_PLANNED", "NOT_ASSESSED", 1, false, &carried_out));
    evaluator.add_evidence(&theory.output, "WEAKENS", "Mange samtaler blev aflyst");
    let statement = statement(&evaluator, &snor.id);
    assert_eq!((&statement["implementation"], &statement["assessedCount"]), (&json!("PARTLY"), &json!(1)));
}
