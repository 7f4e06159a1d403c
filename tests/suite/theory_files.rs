//! Programme theories as files.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Backend, Database, Ran, Server, contents, copy_of, evaluations_folder, virkning};

on_both_databases!(
    a_theory_comes_out_as_it_went_in,
    every_fault_of_a_theory_is_told_at_once,
    a_file_does_not_change_what_is_registered,
);

const SLUG: &str = "den-korte-snor-trivsel-2023";

const FILES: [(&str, &str); 5] = [
    (
        "theory_elements.csv",
        "evaluation,number,kind,text\n\
         SLUG,1,ACTIVITY,Ugentlige samtaler\n\
         SLUG,2,SHORT_TERM_OUTCOME,De unge går i skole\n\
         SLUG,3,CONTEXT,Bydele med få fritidstilbud\n",
    ),
    ("theory_links.csv", "evaluation,from,to\nSLUG,1,2\nSLUG,3,2\n"),
    ("element_criteria.csv", "evaluation,criterion,element\nSLUG,1,2\n"),
    (
        "qualitative_evidence.csv",
        "evaluation,element,method,text,finding,source,period_start,period_end\n\
         SLUG,1,DOCUMENT,Samtalerne er holdt,SUPPORTS,Logbogen,2022-07-01,2023-06-30\n\
         SLUG,2,INTERVIEW,\"Nogle, ikke alle\",MIXED,,,\n",
    ),
    (
        "rival_explanations.csv",
        "evaluation,text,element,assessment,grounds\n\
         SLUG,En ny skoleleder,2,RULED_OUT,De unge går på flere skoler\n\
         SLUG,Færre unge i bydelen,,NOT_ASSESSED,\n",
    ),
];

/// The evaluations that the repository holds, with a theory.
fn folder() -> TempDir {
    let copy = copy_of(evaluations_folder());
    for (file, content) in FILES {
        fs::write(copy.path().join(file), content.replace("SLUG", SLUG)).expect("a written file");
    }
    copy
}

fn edit(folder: &TempDir, file: &str, from: &str, to: &str) {
    let path = folder.path().join(file);
    let content = fs::read_to_string(&path).expect("a file");
    assert!(content.contains(from), "{file} holds {from}");
    fs::write(&path, content.replacen(from, to, 1)).expect("an edited file");
}

fn import(database: &Database, folder: &Path) -> Ran {
    virkning(&database.url, &["import", &folder.to_string_lossy(), "--as", "evaluator-sof@example.dk"])
}

fn a_theory_comes_out_as_it_went_in(backend: Backend) {
    let database = Database::register(backend);
    let folder = folder();
    import(&database, folder.path()).assert_success();
    let events = database.count("event");
    let again = import(&database, folder.path());
    again.assert_success();
    assert!(again.stdout.contains("theory_links.csv: 0 new, 0 changed, 2 as they were"), "{}", again.stdout);
    assert_eq!(database.count("event"), events, "a second time changes nothing");
    let exported = TempDir::new().expect("a temporary folder");
    let path = exported.path().to_string_lossy().into_owned();
    virkning(&database.url, &["export", &path, "--as", "coordinator@example.dk"]).assert_success();
    let out = contents(exported.path());
    for (name, held) in contents(folder.path()) {
        assert_eq!(out.get(&name), Some(&held), "{name}");
    }
    virkning(&database.url, &["verify"]).assert_success();
    let server = Server::serve(database, &[]);
    let auditor = server.signed_in("auditor");
    let query = "{ virkningsevalueringer { nodes { programmeTheory { problems { code } elements { criteria { number } } } } } }";
    let read = auditor.data(query, json!({}))["virkningsevalueringer"]["nodes"][0]["programmeTheory"].clone();
    let criteria = [json!([]), json!([{ "number": 1 }]), json!([])];
    let elements = criteria.map(|criteria| json!({ "criteria": criteria }));
    assert_eq!(read, json!({ "problems": [], "elements": elements }));
}

fn every_fault_of_a_theory_is_told_at_once(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let folder = folder();
    edit(&folder, "theory_links.csv", "1,2\n", &format!("1,2\n{SLUG},2,1\n{SLUG},1,9\n{SLUG},1,2\n"));
    edit(&folder, "element_criteria.csv", "1,2\n", &format!("1,2\n{SLUG},1,1\n{SLUG},9,x\n"));
    edit(&folder, "qualitative_evidence.csv", "MIXED", "MAYBE");
    edit(&folder, "qualitative_evidence.csv", "2023-06-30", "2021-06-30");
    edit(&folder, "rival_explanations.csv", "2,RULED_OUT", "1,RULED_OUT");
    edit(&folder, "rival_explanations.csv", "NOT_ASSESSED", "LIKELY");
    let ran = import(&database, folder.path());
    assert!(!ran.status.success());
    for told in [
        "theory_links.csv:3: to: \"1\": SHORT_TERM_OUTCOME does not lead to ACTIVITY",
        "theory_links.csv:4: to: \"9\": There is nothing",
        "theory_links.csv:5: to: \"2\": This is given more than once.",
        "element_criteria.csv:3: criterion: \"1\": This is given more than once.",
        "element_criteria.csv:4: criterion: \"9\": There is nothing",
        "element_criteria.csv:4: element: \"x\": This is not a whole number.",
        "qualitative_evidence.csv:2: period_end: \"2021-06-30\": The start comes after the end.",
        "qualitative_evidence.csv:3: finding: \"MAYBE\": Use one of SUPPORTS, WEAKENS, MIXED.",
        "rival_explanations.csv:2: element: \"1\": This element is no outcome",
        "rival_explanations.csv:3: grounds: This must be given.",
    ] {
        assert!(ran.stderr.contains(told), "{told} in {}", ran.stderr);
    }
    assert_eq!(database.count("event"), before);
    let folder = self::folder();
    edit(&folder, "theory_links.csv", &format!("{SLUG},3,2\n"), "");
    let ran = import(&database, folder.path());
    assert!(ran.stderr.contains("evaluations.csv:2: "), "it is not registered: {}", ran.stderr);
    assert!(ran.stderr.contains("programmeTheory { problems }"), "{}", ran.stderr);
    assert_eq!(database.count("event"), before);
}

fn a_file_does_not_change_what_is_registered(backend: Backend) {
    let database = Database::register(backend);
    let folder = folder();
    fs::remove_file(folder.path().join("measurements.csv")).expect("a draft without measurements");
    edit(&folder, "evaluations.csv", "SUBMITTED", "DRAFT");
    import(&database, folder.path()).assert_success();
    edit(&folder, "theory_elements.csv", "Ugentlige samtaler", "Samtaler hver uge");
    edit(&folder, "element_criteria.csv", "1,2\n", "1,1\n");
    let ran = import(&database, folder.path());
    ran.assert_success();
    for told in ["theory_elements.csv: 0 new, 1 changed", "element_criteria.csv: 0 new, 1 changed"] {
        assert!(ran.stdout.contains(told), "while it is a draft {told} in {}", ran.stdout);
    }
    edit(&folder, "evaluations.csv", "DRAFT", "REGISTERED");
    import(&database, folder.path()).assert_success();
    let before = database.count("event");
    for (file, from, to, told) in [
        (
            "theory_elements.csv",
            "Samtaler hver uge",
            "Ugentlige samtaler",
            ":2: number: \"1\": The programme theory is",
        ),
        ("theory_elements.csv", "CONTEXT", "MECHANISM", ":4: number: \"3\": This is already in use."),
        ("theory_elements.csv", "3,CONTEXT", "4,CONTEXT", ":4: number: \"4\": The programme theory is"),
        ("theory_links.csv", "3,2\n", "3,1\n", ":3: to: \"1\": The programme theory is"),
        ("element_criteria.csv", "1,1\n", "1,2\n", ":2: criterion: \"1\": The programme theory is"),
        (
            "rival_explanations.csv",
            "NOT_ASSESSED,",
            "PLAUSIBLE,x",
            ":3: text: \"Færre unge i bydelen\": This is already",
        ),
    ] {
        let changed = copy_of(&folder.path().to_string_lossy());
        edit(&changed, file, from, to);
        let ran = import(&database, changed.path());
        assert!(!ran.status.success(), "{file}");
        assert!(ran.stderr.contains(&format!("{file}{told}")), "{file}{told} in {}", ran.stderr);
    }
    assert_eq!(database.count("event"), before);
}
