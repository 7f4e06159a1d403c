//! A client of the API.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Response;
use ureq::typestate::WithBody;
use ureq::{Agent, Body, RequestBuilder};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    fn read(mut response: Response<Body>) -> Self {
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        Self {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: response.body_mut().read_to_string().expect("a body of text"),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("JSON in {}", self.body))
    }

    /// The data of an answer without errors.
    pub fn data(&self) -> Value {
        let json = self.json();
        assert!(json.get("errors").is_none(), "{}", self.body);
        json["data"].clone()
    }

    /// The code of the first top-level error.
    pub fn error_code(&self) -> String {
        let json = self.json();
        json["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("a coded error in {}", self.body))
            .to_owned()
    }
}

/// The codes of what is wrong with a request, at the top and in the payloads, with those of the single faults.
pub fn fault_codes(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let code = |value: &Value| value["code"].as_str().map(str::to_owned);
    let mut codes = Vec::new();
    for error in items(&json["errors"]) {
        let faults: Vec<_> = items(&error["extensions"]["faults"]).iter().filter_map(code).collect();
        codes.extend(if faults.is_empty() {
            code(&error["extensions"]).into_iter().collect()
        } else {
            faults
        });
    }
    for payload in json["data"].as_object().into_iter().flat_map(serde_json::Map::values) {
        codes.extend(items(&payload["userErrors"]).iter().filter_map(code));
    }
    codes
}

/// Someone who asks.
#[derive(Clone)]
pub struct Client {
    url: String,
    agent: Agent,
    pub token: Option<String>,
    pub refresh_token: Option<String>,
    pub language: Option<&'static str>,
    /// What a proxy says of where the request comes from.
    pub forwarded_for: Option<String>,
}

pub const SIGN_IN: &str = include_str!("../../../docs/examples/sign-in.graphql");

impl Client {
    pub fn new(url: &str) -> Self {
        // Shorter than the server keeps a connection open that nobody uses.
        let config = Agent::config_builder().http_status_as_error(false).max_idle_age(Duration::from_secs(1));
        Self {
            url: url.to_owned(),
            agent: config.build().into(),
            token: None,
            refresh_token: None,
            language: None,
            forwarded_for: None,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn sign_in(mut self, email: &str, password: &str) -> Self {
        let answer = self.ask(SIGN_IN, json!({ "email": email, "password": password }));
        let session = &answer.data()["signIn"];
        let text = |name: &str| {
            session[name].as_str().unwrap_or_else(|| panic!("{name} in {}", answer.body)).to_owned()
        };
        self.token = Some(text("accessToken"));
        self.refresh_token = Some(text("refreshToken"));
        self
    }

    pub fn in_danish(mut self) -> Self {
        self.language = Some("da-DK,da;q=0.9,en;q=0.8");
        self
    }

    /// The same, by another token.
    pub fn by(&self, token: &Value) -> Self {
        let token = Some(token.as_str().expect("a token").to_owned());
        Self { token, refresh_token: None, ..self.clone() }
    }

    /// The same, behind a proxy that says where it comes from.
    pub fn from(mut self, address: &str) -> Self {
        self.forwarded_for = Some(address.to_owned());
        self
    }

    /// Sends a document.
    pub fn ask(&self, query: &str, variables: Value) -> Answer {
        self.post("application/json", json!({ "query": query, "variables": variables }).to_string())
    }

    /// The data of a document that is answered without errors.
    pub fn data(&self, query: &str, variables: Value) -> Value {
        self.ask(query, variables).data()
    }

    /// The payload of a mutation that takes one input. `selection` is what is asked of the payload beside the errors.
    pub fn mutate(&self, name: &str, input: &Value, selection: &str) -> Value {
        let answer = self.try_mutate(name, input, selection);
        answer.data()[name].clone()
    }

    pub fn try_mutate(&self, name: &str, input: &Value, selection: &str) -> Answer {
        let ty = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let ty = match name {
            "submitInterventionYear" | "approveInterventionYear" => "InterventionYearStepInput".to_owned(),
            _ => ty,
        };
        let query = format!(
            "mutation($input: {ty}!) {{ {name}(input: $input) {{ {selection} userErrors {{ field message code }} }} }}"
        );
        self.ask(&query, json!({ "input": input }))
    }

    /// What a refused mutation says: the top-level code, or the code and field of the first user error.
    pub fn refusal(&self, mutation: &str, input: &Value) -> (String, Value) {
        let answer = self.try_mutate(mutation, input, "__typename");
        let json = answer.json();
        if json.get("errors").is_some() {
            let field = json["errors"][0]["extensions"]["faults"][0]["field"].clone();
            return (answer.error_code(), field);
        }
        let error = &json["data"][mutation]["userErrors"][0];
        let code =
            error["code"].as_str().unwrap_or_else(|| panic!("a refusal of {mutation} {input}: {json}"));
        (code.to_owned(), error["field"].clone())
    }

    /// Sends a document to a server that may be gone; what it answers, if it does.
    pub fn attempt(&self, query: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut response = self.request("application/json").send(body).ok()?;
        serde_json::from_str(&response.body_mut().read_to_string().ok()?).ok()
    }

    pub fn post(&self, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        Answer::read(self.request(content_type).send(body.into()).expect("an answer"))
    }

    fn request(&self, content_type: &str) -> RequestBuilder<WithBody> {
        let mut request =
            self.agent.post(format!("{}/graphql", self.url)).header("content-type", content_type);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(language) = self.language {
            request = request.header("accept-language", language);
        }
        if let Some(address) = &self.forwarded_for {
            request = request.header("x-forwarded-for", address);
        }
        request
    }

    pub fn get(&self, path: &str) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        Answer::read(request.call().expect("an answer"))
    }

    /// Id and version of an intervention.
    pub fn intervention(&self, slug: &str) -> (String, i64) {
        let data =
            self.data("query($s: String!) { intervention(slug: $s) { id version } }", json!({ "s": slug }));
        let found = &data["intervention"];
        (found["id"].as_str().expect("an id").to_owned(), found["version"].as_i64().expect("a version"))
    }

    /// Id and version of the newest report of an intervention.
    pub fn report(&self, slug: &str) -> (String, i64) {
        let data = self.data(
            "query($s: String!) { intervention(slug: $s) { current { id version } } }",
            json!({ "s": slug }),
        );
        let found = &data["intervention"]["current"];
        (found["id"].as_str().expect("an id").to_owned(), found["version"].as_i64().expect("a version"))
    }

    /// How many events this reader sees.
    pub fn events(&self) -> i64 {
        self.data("{ history(first: 0) { totalCount } }", json!({}))["history"]["totalCount"]
            .as_i64()
            .expect("a count")
    }

    pub fn last_event(&self) -> Value {
        let query = "{ history(last: 1) { nodes { sequence action subjectKind subjectId reason actor { id name roles } \
                     changes { part { kind } field before after secret } } } }";
        self.data(query, json!({}))["history"]["nodes"][0].clone()
    }
}
