//! Programme theories, as tests bring them about.

use serde_json::{Value, json};

use super::client::Client;
use super::evaluation::{Ids, Snor, code, with};

impl Client {
    /// Adds an element, with a reason, and gives back its id.
    pub fn add_element(&self, evaluation: &str, kind: &str, text: &str) -> String {
        let input = json!({ "virkningsevalueringId": evaluation, "kind": kind, "text": text, "reason": "Efter drøftelse" });
        let added = self.mutate("addTheoryElement", &input, "element { id }");
        assert_eq!(code(&added), "OK", "{added}");
        added["element"]["id"].as_str().expect("an id").to_owned()
    }

    /// Tries to link two elements, with a reason, and gives back the payload.
    pub fn link(&self, from: &str, to: &str) -> Value {
        let input = json!({ "fromId": from, "toId": to, "reason": "Efter drøftelse" });
        self.mutate("linkTheoryElements", &input, "virkningsevaluering { version }")
    }

    /// Carries out a mutation on something of an evaluation, by the version that this client sees, and gives back the payload.
    pub fn change(&self, mutation: &str, evaluation: &str, input: Value) -> Value {
        let version = json!({ "expectedVersion": self.version(evaluation) });
        self.mutate(mutation, &with(input, version), "virkningsevaluering { version }")
    }

    /// Adds evidence on an element that says so much of it.
    pub fn add_evidence(&self, element: &str, finding: &str, text: &str) {
        let input = json!({ "elementId": element, "method": "INTERVIEW", "finding": finding, "text": text });
        let added = self.mutate("addQualitativeEvidence", &input, "evidence { id }");
        assert_eq!(code(&added), "OK", "{added}");
    }

    /// Adds a rival explanation of what is found as a whole, and gives back its id.
    pub fn add_rival(&self, evaluation: &str, text: &str) -> String {
        let input = json!({ "virkningsevalueringId": evaluation, "text": text });
        let added = self.mutate("addRivalExplanation", &input, "rivalExplanation { id }");
        added["rivalExplanation"]["id"].as_str().expect("an id").to_owned()
    }

    /// What is asked of the theory of an evaluation.
    pub fn theory(&self, evaluation: &str, selection: &str) -> Value {
        self.evaluation(evaluation, &format!("programmeTheory {{ {selection} }}"))["programmeTheory"].clone()
    }
}

impl Snor {
    /// Its ids, with those of an element and a rival explanation that are added to it.
    pub fn ids(&self, evaluator: &Client, measurement: &str) -> Ids {
        Ids {
            evaluation: self.id.clone(),
            criterion: self.absence.clone(),
            measurement: measurement.to_owned(),
            element: evaluator.add_element(&self.id, "SHORT_TERM_OUTCOME", "Flere går i skole"),
            rival: evaluator.add_rival(&self.id, "Skolerne er begyndt at føre fravær på en anden måde"),
        }
    }
}

/// The theory of Den Korte Snor: someone to talk to, so that the young come to school and keep good company.
pub struct Theory {
    pub input: String,
    pub activity: String,
    pub output: String,
    pub school: String,
    pub crime: String,
    pub trust: String,
}

impl Theory {
    /// All elements of an evaluation's theory, linked; school absence measures whether they come to school.
    pub fn of(evaluator: &Client, snor: &Snor) -> Self {
        let add = |kind: &str, text: &str| evaluator.add_element(&snor.id, kind, text);
        let theory = Self {
            input: add("INPUT", "Fire kontaktpersoner"),
            activity: add("ACTIVITY", "Ugentlige samtaler"),
            output: add("OUTPUT", "43 unge har haft en kontaktperson i et år"),
            school: add("SHORT_TERM_OUTCOME", "De unge går i skole"),
            crime: add("LONG_TERM_OUTCOME", "De unge begår mindre kriminalitet"),
            trust: add("MECHANISM", "De unge får tillid til en voksen"),
        };
        for (from, to) in [
            (&theory.input, &theory.activity),
            (&theory.activity, &theory.output),
            (&theory.output, &theory.school),
            (&theory.school, &theory.crime),
            (&theory.trust, &theory.school),
        ] {
            assert_eq!(code(&evaluator.link(from, to)), "OK");
        }
        let attached =
            json!({ "criterionId": snor.absence, "elementId": theory.school, "reason": "Efter drøftelse" });
        assert_eq!(code(&evaluator.change("attachSuccessCriterion", &snor.id, attached)), "OK");
        theory
    }
}
