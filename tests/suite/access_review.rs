//! The access review: who has which role where, as a query and as a table.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, virkning};

on_both_databases!(
    every_grant_is_reviewed_with_who_gave_it_and_when_its_holder_was_seen,
    it_is_for_those_who_keep_or_check_accounts,
    the_table_says_the_same_and_no_cell_is_a_formula,
);

const REVIEW: &str = "query($f: AccessReviewFilter, $n: Int, $after: String) { accessReview(first: $n, after: $after, filter: $f) { totalCount \
     pageInfo { hasNextPage endCursor } nodes { state lastSeenAt account { email active } grantedBy { email } confirmedBy { email } \
     roleGrant { id version role forvaltning { code } validFrom validTo confirmation } } } }";

fn review(client: &Client, filter: Value) -> Vec<Value> {
    let data = client.data(REVIEW, json!({ "f": filter, "n": 100 }));
    assert_eq!(
        data["accessReview"]["totalCount"],
        data["accessReview"]["nodes"].as_array().expect("nodes").len()
    );
    data["accessReview"]["nodes"].as_array().expect("nodes").clone()
}

fn of(entries: &[Value], user: &str) -> Value {
    let email = format!("{user}@example.dk");
    entries.iter().find(|entry| entry["account"]["email"] == *email).expect("the account").clone()
}

fn every_grant_is_reviewed_with_who_gave_it_and_when_its_holder_was_seen(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let all = review(&admin, json!({}));
    assert_eq!(all.len(), 14, "every account of the suite's but one has a grant");
    let evaluator = of(&all, "evaluator-sof");
    assert_eq!(evaluator["roleGrant"]["forvaltning"]["code"], "SOF");
    assert_eq!(
        (&evaluator["state"], &evaluator["grantedBy"]["email"], &evaluator["lastSeenAt"]),
        (&json!("HOLDING"), &json!("admin@example.dk"), &Value::Null)
    );
    // It is written a moment later, and then once a minute.
    let started = Instant::now();
    while !of(&review(&admin, json!({})), "admin")["lastSeenAt"].is_string() {
        assert!(started.elapsed() < Duration::from_mins(1), "who asks is not seen");
        thread::sleep(Duration::from_millis(50));
    }

    let id = |user: &str| {
        let client = server.signed_in(user);
        client.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone()
    };
    let coming = json!({ "accountId": id("nobody"), "role": "READER", "validFrom": "2090-01-01T00:00:00Z" });
    assert_eq!(code(&admin.mutate("grantRole", &coming, "__typename")), "OK");
    for user in ["reader", "approver"] {
        let granted = json!({ "accountId": id(user), "role": "ADMIN" });
        assert_eq!(code(&admin.mutate("grantRole", &granted, "__typename")), "OK");
    }
    let gone = of(&all, "evaluator-tmf")["roleGrant"].clone();
    let revoke = json!({ "id": gone["id"], "expectedVersion": gone["version"] });
    assert_eq!(code(&admin.mutate("revokeRole", &revoke, "__typename")), "OK");
    let away = json!({ "id": id("evaluator-buf"), "expectedVersion": 1, "active": false });
    assert_eq!(code(&admin.mutate("updateAccount", &away, "account { active }")), "OK");
    let count = |filter: Value| review(&admin, filter).len();
    assert_eq!(count(json!({})), 17);
    for (state, expected) in [("HOLDING", 14), ("ENDED", 1), ("COMING", 1), ("PENDING", 1)] {
        let entries = review(&admin, json!({ "state": state }));
        assert_eq!(entries.len(), expected, "{state}");
        assert!(entries.iter().all(|entry| entry["state"] == state), "{entries:?}");
    }
    assert_eq!(of(&review(&admin, json!({ "state": "PENDING" })), "approver")["confirmedBy"], Value::Null);
    assert_eq!((count(json!({ "active": false })), count(json!({ "role": "ADMIN" }))), (1, 3));

    // Page by page the same.
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = admin.data(REVIEW, json!({ "n": 5, "after": after }))["accessReview"].clone();
        paged.extend(page["nodes"].as_array().expect("nodes").clone());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(paged, review(&admin, json!({})));
}

fn it_is_for_those_who_keep_or_check_accounts(backend: Backend) {
    let server = Server::start(backend);
    for user in ["admin", "auditor"] {
        assert_eq!(review(&server.signed_in(user), json!({})).len(), 14, "{user}");
    }
    for user in ["auditor-sof", "coordinator", "approver", "evaluator-sof", "reader", "nobody"] {
        let answer = server.signed_in(user).ask(REVIEW, json!({ "n": 1 }));
        assert_eq!(answer.error_code(), "FORBIDDEN", "{user}");
        let ran =
            virkning(&server.database().url, &["account", "review", "--as", &format!("{user}@example.dk")]);
        assert!(!ran.status.success() && ran.stdout.is_empty(), "{user} {}", ran.stdout);
    }
    let denials = crate::support::access_log::written(&server.signed_in("auditor"), 12);
    assert!(denials.iter().all(|denial| denial["subjectKind"] == "ROLE_GRANT"), "{denials:?}");
}

fn the_table_says_the_same_and_no_cell_is_a_formula(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let accounts =
        admin.data("{ accounts(first: 100) { nodes { id email } } }", json!({}))["accounts"]["nodes"].clone();
    let reader =
        accounts.as_array().expect("accounts").iter().find(|one| one["email"] == "reader@example.dk");
    let named =
        json!({ "id": reader.expect("it")["id"], "expectedVersion": 1, "name": "=HYPERLINK(\"x\"), \"y\"" });
    assert_eq!(code(&admin.mutate("updateAccount", &named, "account { id }")), "OK");
    let ran = virkning(&server.database().url, &["account", "review", "--as", "auditor@example.dk"]);
    ran.assert_success();
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "account,name,active,role,forvaltning,state,valid_from,valid_to,granted_by,confirmation,confirmed_by,last_seen_at"
    );
    assert_eq!(lines.len(), 15);
    let line = |user: &str| *lines.iter().find(|line| line.starts_with(&format!("{user}@"))).expect("a line");
    assert!(line("reader").contains("\"'=HYPERLINK(\"\"x\"\"), \"\"y\"\"\""), "{}", line("reader"));
    let founder = line("admin");
    assert!(founder.contains(",true,ADMIN,,HOLDING,") && founder.contains(",SOLE_ADMIN,"), "{founder}");
    let since = of(&review(&admin, json!({})), "evaluator-sof")["roleGrant"]["validFrom"].clone();
    assert_eq!(
        line("evaluator-sof"),
        format!(
            "evaluator-sof@example.dk,Evaluator SOF,true,EVALUATOR,SOF,HOLDING,{},,admin@example.dk,,,",
            since.as_str().expect("a moment")
        )
    );
}
