//! The register as files: read in whole or not at all, and written out as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{Backend, Database, contents, copy_of, register_folder, virkning};

on_both_databases!(
    a_second_import_changes_nothing,
    export_and_import_into_an_empty_database_agree,
    every_fault_is_told_at_once_and_nothing_is_stored,
    one_changed_cell_changes_one_row,
    only_a_coordinator_imports,
    files_from_other_systems_are_read_alike,
    semicolons_and_latin_1_are_read_alike,
    what_a_spreadsheet_would_run_is_neutral_and_reads_back,
    no_personal_number_gets_in_or_is_repeated,
    what_stands_twice_or_contradicts_itself_is_refused,
);

fn import(database: &Database, folder: &Path, user: &str) -> crate::support::Ran {
    virkning(&database.url, &["import", &folder.to_string_lossy(), "--as", &format!("{user}@example.dk")])
}

fn export(database: &Database) -> (TempDir, BTreeMap<String, String>) {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().to_string_lossy().into_owned();
    virkning(&database.url, &["export", &path, "--as", "auditor@example.dk"]).assert_success();
    let files = contents(folder.path());
    (folder, files)
}

fn a_second_import_changes_nothing(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let ran = import(&database, Path::new(register_folder()), "coordinator");
    ran.assert_success();
    assert!(ran.stdout.contains("figures.csv: 0 new, 0 changed, 351 as they were"), "{}", ran.stdout);
    assert!(ran.stderr.contains("figures.csv: 351 rows read"), "progress is shown: {}", ran.stderr);
    assert_eq!(database.count("event"), before);
}

fn export_and_import_into_an_empty_database_agree(backend: Backend) {
    let (folder, exported) = export(&Database::register(backend));
    assert_eq!(
        exported,
        contents(Path::new(register_folder())),
        "the repository holds the register as it is exported"
    );
    let fresh = Database::empty(backend);
    let run = |arguments: &[&str]| virkning(&fresh.url, arguments).assert_success();
    run(&["migrate"]);
    run(&["account", "add", "admin@example.dk", "--name", "Admin"]);
    for (email, role) in [("coordinator@example.dk", "COORDINATOR"), ("auditor@example.dk", "AUDITOR")] {
        run(&["account", "add", email, "--name", "C", "--as", "admin@example.dk"]);
        run(&["account", "grant", email, role, "--as", "admin@example.dk"]);
    }
    import(&fresh, folder.path(), "coordinator").assert_success();
    assert_eq!(export(&fresh).1, exported);
}

fn every_fault_is_told_at_once_and_nothing_is_stored(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let copy = copy_of(register_folder());
    let edit = |file: &str, from: &str, to: &str| {
        let path = copy.path().join(file);
        let content = fs::read_to_string(&path).expect("a file");
        assert!(content.contains(from), "{file} holds {from}");
        fs::write(&path, content.replacen(from, to, 1)).expect("an edited file");
    };
    edit("intervention_years.csv", "Nørrebro", "Atlantis");
    edit("funding.csv", "15552000", "-1");
    edit("funding.csv", "830000", "mange");
    edit("figures.csv", "PARTICIPANTS", "GIFTS");
    edit("figures.csv", "2023-01-01", "2023-13-01");
    edit("interventions.csv", "LUDO", "");
    edit("interventions.csv", "ALL IN", "ALL IN 010190-1234");
    edit("target_groups.csv", "17.5", "200");
    edit("claims.csv", "PRINCIPLE_COUNT", "HOPE");
    edit("claim_terms.csv", "Ordinær uddannelse", "Uordinær uddannelse");
    edit("claim_terms.csv", "i 2023.", "i 2024.");
    fs::write(copy.path().join("figure.csv"), "a\n").expect("a misnamed file");
    fs::write(copy.path().join("districts.csv"), "name,parent\nValby,\n").expect("a file with other columns");
    let ran = import(&database, copy.path(), "coordinator");
    assert!(!ran.status.success());
    let faults: Vec<_> =
        ran.stderr.lines().filter(|line| line.contains(".csv") && !line.ends_with("rows read")).collect();
    for (place, told) in [
        ("figure.csv: ", "none of the register's"),
        ("districts.csv: ", "missing part_of, aliases; unknown parent"),
        ("intervention_years.csv:", ": districts: "),
        ("funding.csv:", ": amount_dkk: \"-1\": Give a number from 0"),
        ("funding.csv:", ": amount_dkk: \"mange\": This is not a whole number"),
        ("figures.csv:", ": kind: \"GIFTS\": Use one of PARTICIPANTS, ACTIVITY"),
        ("figures.csv:", ": from: \"2023-13-01\": This is not a date"),
        ("interventions.csv:", ": name: This cannot be empty."),
        ("interventions.csv:", ": name: This looks like a CPR number."),
        ("target_groups.csv:", ": age_from: \"200\": Give a number from 0 to 150."),
        ("claims.csv:", ": measure: \"HOPE\": Use one of INTERVENTION_COUNT"),
        ("claim_terms.csv:", "label: \"Efter endt forløb: Uordinær uddannelse\": There is nothing"),
        ("claim_terms.csv:", ": text: \"SSP+: 39 afsluttede sager i 2024.\": There is nothing"),
    ] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(place) && fault.contains(told)),
            "{place}{told} in {faults:#?}"
        );
    }
    assert!(!ran.stderr.contains("010190-1234"), "a personal number is not repeated");
    assert!(ran.stderr.contains("Nothing was imported: "), "{}", ran.stderr);
    let line = |fault: &str| fault.split(':').nth(1).and_then(|line| line.parse::<u64>().ok());
    let funding = faults.iter().find(|fault| fault.contains("\"-1\"")).expect("the funding's fault");
    assert_eq!(line(funding), Some(2), "the line is told: {funding}");
    assert_eq!(database.count("event"), before);
}

fn one_changed_cell_changes_one_row(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let copy = copy_of(register_folder());
    let path = copy.path().join("funding.csv");
    let content = fs::read_to_string(&path).expect("a file").replace("15552000", "15552001");
    fs::write(&path, content).expect("an edited file");
    let ran = import(&database, copy.path(), "coordinator");
    ran.assert_success();
    assert!(ran.stdout.contains("funding.csv: 0 new, 1 changed, 34 as they were"), "{}", ran.stdout);
    assert_eq!(database.count("event"), before + 1);
    assert_eq!(export(&database).1, contents(copy.path()));
}

fn only_a_coordinator_imports(backend: Backend) {
    let database = Database::register(backend);
    for user in ["reader", "evaluator-sof", "admin", "auditor"] {
        let ran = import(&database, Path::new(register_folder()), user);
        assert!(!ran.status.success(), "{user}");
    }
    let ran = import(&database, Path::new(register_folder()), "unknown");
    assert!(
        ran.stderr.contains("There is no account with the address unknown@example.dk."),
        "{}",
        ran.stderr
    );
    let ran = virkning(&database.url, &["export", "/nowhere", "--as", "admin@example.dk"]);
    assert!(ran.stderr.contains("do not permit"), "{}", ran.stderr);
}

fn files_from_other_systems_are_read_alike(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let copy = copy_of(register_folder());
    for (name, content) in contents(copy.path()) {
        // A byte order mark, carriage returns, and letters that are composed of two signs.
        let content = content.replace('\n', "\r\n").replace('å', "a\u{30a}").replace('Å', "A\u{30a}");
        fs::write(copy.path().join(name), format!("\u{feff}{content}")).expect("a file");
    }
    let ran = import(&database, copy.path(), "coordinator");
    ran.assert_success();
    assert_eq!(database.count("event"), before, "{}", ran.stdout);
    let path = copy.path().join("funding.csv");
    let content = fs::read_to_string(&path)
        .expect("a file")
        .replacen("830000", "mange", 1)
        .replacen("\r\n", "\r\n\r\n", 1);
    fs::write(&path, content).expect("a file");
    let ran = import(&database, copy.path(), "coordinator");
    assert!(
        ran.stderr.contains("funding.csv:4: amount_dkk"),
        "the line is the one an editor shows: {}",
        ran.stderr
    );
}

fn semicolons_and_latin_1_are_read_alike(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let copy = copy_of(register_folder());
    for name in contents(copy.path()).into_keys() {
        let path = copy.path().join(name);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).expect("a file");
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for record in reader.records() {
            writer.write_record(&record.expect("a record")).expect("a record");
        }
        let text = String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8");
        let bytes = text.chars().map(|letter| u8::try_from(letter).expect("a letter of Latin-1"));
        fs::write(&path, bytes.collect::<Vec<_>>()).expect("a file");
    }
    import(&database, copy.path(), "coordinator").assert_success();
    assert_eq!(database.count("event"), before, "every letter is as it was");
    let path = copy.path().join("forvaltninger.csv");
    let damaged = [fs::read(&path).expect("a file"), "Æ;æ\r\n".as_bytes().to_vec()].concat();
    fs::write(&path, damaged).expect("a file");
    let ran = import(&database, copy.path(), "coordinator");
    assert!(
        ran.stderr.contains("forvaltninger.csv: Not readable as comma-separated text: "),
        "{}",
        ran.stderr
    );
}

fn what_a_spreadsheet_would_run_is_neutral_and_reads_back(backend: Backend) {
    let database = Database::register(backend);
    let copy = copy_of(register_folder());
    let formulas = ["=HYPERLINK(\"\"http://x\"\")", "+45 33 66", "-1+2", "@SUM(A1)", "'=1", "＝1"];
    let rows: Vec<_> =
        formulas.iter().enumerate().map(|(at, name)| format!("ny-{at},\"{name}\",,\n")).collect();
    append(copy.path(), "interventions.csv", &rows.concat());
    append(copy.path(), "figures.csv", "ny-0,2023,OUTCOME,-label,=unit,,,,,-5,,,,\"+a\nb;c\"\n");
    append(copy.path(), "districts.csv", "Ny,,=1;-2;@x\n");
    import(&database, copy.path(), "coordinator").assert_success();
    let (folder, exported) = export(&database);
    for (file, written) in [
        ("interventions.csv", "ny-0,\"'=HYPERLINK(\"\"http://x\"\")\",,\n"),
        ("interventions.csv", "ny-1,'+45 33 66,,\nny-2,'-1+2,,\nny-3,'@SUM(A1),,\nny-4,'=1,,\nny-5,'＝1,,\n"),
        ("figures.csv", "ny-0,2023,OUTCOME,'-label,'=unit,,,,,-5,,,,\"'+a\nb;c\"\n"),
        ("districts.csv", "Ny,,"),
    ] {
        assert!(exported[file].contains(written), "{written} in {}", exported[file]);
    }
    for cell in ["'=1", "'-2", "'@x"] {
        assert!(exported["districts.csv"].contains(cell), "{cell}");
    }
    let before = database.count("event");
    import(&database, folder.path(), "coordinator").assert_success();
    assert_eq!(database.count("event"), before, "what was written is what was read");
}

fn append(folder: &Path, file: &str, rows: &str) {
    let path = folder.join(file);
    fs::write(&path, fs::read_to_string(&path).expect("a file") + rows).expect("a longer file");
}

fn no_personal_number_gets_in_or_is_repeated(backend: Backend) {
    let database = Database::register(backend);
    let before = (database.count("event"), database.count("account"));
    let copy = copy_of(register_folder());
    append(copy.path(), "interventions.csv", "010190-1234,Ny,010190-1234,010190-1234\n");
    append(copy.path(), "districts.csv", "Ny,010190-1234,010190 1234\n");
    append(copy.path(), "funding.csv", "010190-1234,0101901234,010190-1234,0101901234,,,,,010190-1234\n");
    append(
        copy.path(),
        "figures.csv",
        "ludo,2023,OUTCOME,0101901234,010190-1234,010190-1234,,010190-1234,,x,,,,\n",
    );
    fs::write(copy.path().join("010190-1234.csv"), "a\n").expect("a file");
    let mut said = import(&database, copy.path(), "coordinator").stderr;
    fs::write(copy.path().join("districts.csv"), "name,part_of,aliases,010190-1234\n").expect("a file");
    said += &import(&database, copy.path(), "coordinator").stderr;
    let admin = ["--as", "admin@example.dk"];
    for arguments in [
        &["account", "add", "010190-1234@example.dk", "--name", "x"][..],
        &["account", "add", "x@example.dk", "--name", "Bo 0101901234"],
        &["account", "grant", "0101901234", "READER"],
        &["account", "grant", "reader@example.dk", "READER", "--forvaltning", "010190-1234"],
    ] {
        let ran = virkning(&database.url, &[arguments, &admin].concat());
        assert!(!ran.status.success(), "{arguments:?}");
        said += &(ran.stderr + &ran.stdout);
    }
    let ran = virkning(&database.url, &["import", register_folder(), "--as", "010190-1234"]);
    assert!(!ran.status.success());
    said += &ran.stderr;
    for number in ["010190-1234", "0101901234", "010190 1234"] {
        assert!(!said.contains(number), "{number} in {said}");
        assert!(!database.everything().contains(number), "{number} is stored");
    }
    assert!(said.matches("CPR number").count() > 5, "{said}");
    assert_eq!((database.count("event"), database.count("account")), before);
}

fn what_stands_twice_or_contradicts_itself_is_refused(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let copy = copy_of(register_folder());
    let edit = |file: &str, change: &dyn Fn(String) -> String| {
        let path = copy.path().join(file);
        let content = fs::read_to_string(&path).expect("a file");
        fs::write(&path, change(content)).expect("an edited file");
    };
    edit("claims.csv", &|content| content.clone() + content.lines().last().expect("a row") + "\n");
    edit("strategy_principles.csv", &|content| content.replacen(",2025,5,", ",2030,5,", 1));
    edit("districts.csv", &|content| content + "Amager,,Valby\n");
    edit("intervention_years.csv", &|content| {
        content.replacen(",SOF,", ",XYZ,", 1).replacen(",false,", ",,", 1)
    });
    let ran = import(&database, copy.path(), "coordinator");
    assert!(!ran.status.success());
    for told in [
        "claims.csv:20: text: ",
        "strategy_principles.csv:6: to_year: \"2030\": This is given more than once.",
        "districts.csv:24: aliases: \"Valby\": This is already in use.",
        "lead: \"XYZ\": There is none by this name. There are BIF, BUF, SOF, TMF, ØKF.",
        "citywide: This must be given.",
    ] {
        assert!(ran.stderr.contains(told), "{told} in {}", ran.stderr);
    }
    assert_eq!(database.count("event"), before);
}
