//! Section 6.4.4, Handling Field Errors, and the table of section 3.12.1, Combining List and Non-Null: what fails is null, and
//! where null may not be, what is around it is null instead.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, Enum, Error, Object, OutputType, Positioned, Result, ServerError, ServerResult,
    Value, parser::types::Field,
};

use crate::harness::{Reply, server};

/// What a resolver comes to at the place that a test is about.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Third {
    Value,
    Null,
    Error,
}

/// A number that can fail when it is read, as types with a resolver of their own can.
struct Item(Third);

impl OutputType for Item {
    fn type_name() -> Cow<'static, str> {
        "Int".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <i32 as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, set: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match self.0 {
            Third::Error => Err(set.set_error_path(ServerError::new("The item failed.", Some(field.pos)))),
            Third::Value | Third::Null => Ok(Value::from(3)),
        }
    }
}

fn items(third: Third) -> Vec<Option<Item>> {
    let third = (third != Third::Null).then_some(Item(third));
    vec![Some(Item(Third::Value)), Some(Item(Third::Value)), third]
}

fn required_items(fails: bool) -> Vec<Result<i32>> {
    vec![Ok(3), Ok(3), if fails { Err(Error::new("The item failed.")) } else { Ok(3) }]
}

/// An object at a place in a list. Its required field fails where it is the second.
struct Node(i32);

fn nodes() -> Vec<Node> {
    vec![Node(0), Node(1), Node(2)]
}

#[Object]
impl Node {
    async fn at(&self) -> i32 {
        self.0
    }

    async fn absent(&self) -> Option<i32> {
        None
    }

    async fn fails(&self) -> Result<Option<i32>> {
        Err(Error::new("The field failed."))
    }

    async fn fails_required(&self) -> Result<i32> {
        Err(Error::new("The field failed."))
    }

    async fn second_fails(&self) -> Result<Option<i32>> {
        if self.0 == 1 { Err(Error::new("The field failed.")) } else { Ok(Some(self.0)) }
    }

    async fn second_fails_required(&self) -> Result<i32> {
        if self.0 == 1 { Err(Error::new("The field failed.")) } else { Ok(self.0) }
    }

    async fn node(&self) -> Option<Node> {
        Some(Node(self.0))
    }

    async fn node_required(&self) -> Node {
        Node(self.0)
    }

    async fn node_fails(&self) -> Result<Option<Node>> {
        Err(Error::new("The object failed."))
    }

    /// `[Node]`
    async fn list(&self) -> Option<Vec<Option<Node>>> {
        Some(nodes().into_iter().map(Some).collect())
    }

    /// `[Node]!`
    async fn list_required(&self) -> Vec<Option<Node>> {
        nodes().into_iter().map(Some).collect()
    }

    /// `[Node!]`
    async fn of_required(&self) -> Option<Vec<Node>> {
        Some(nodes())
    }

    /// `[Node!]!`
    async fn of_required_required(&self) -> Vec<Node> {
        nodes()
    }

    /// `[Int]`
    async fn items(&self, third: Third) -> Option<Vec<Option<Item>>> {
        Some(items(third))
    }

    /// `[Int]!`
    async fn items_required(&self, third: Third) -> Vec<Option<Item>> {
        items(third)
    }

    /// `[Int!]`
    async fn of_required_items(&self, fails: bool) -> Option<Vec<Result<i32>>> {
        Some(required_items(fails))
    }

    /// `[Int!]!`
    async fn of_required_items_required(&self, fails: bool) -> Vec<Result<i32>> {
        required_items(fails)
    }

    /// `[[Int!]!]`
    async fn rows(&self) -> Option<Vec<Vec<Result<i32>>>> {
        Some(vec![required_items(false), required_items(true)])
    }

    /// `[[Int!]]`
    async fn optional_rows(&self) -> Option<Vec<Option<Vec<Result<i32>>>>> {
        Some(vec![Some(required_items(false)), Some(required_items(true))])
    }
}

struct Query;

#[Object]
impl Query {
    async fn node(&self) -> Option<Node> {
        Some(Node(0))
    }

    async fn node_required(&self) -> Node {
        Node(0)
    }

    async fn fails_required(&self) -> Result<i32> {
        Err(Error::new("The field failed."))
    }

    async fn fails(&self) -> Result<Option<i32>> {
        Err(Error::new("The field failed."))
    }

    async fn fine(&self) -> i32 {
        1
    }
}

async fn ask(query: &str) -> Reply {
    let reply = server(Query).ask(query).await;
    assert!(reply.executed, "a field that fails does not fail the request: {}", reply.body);
    reply
}

/// Asserts the data below `node`, and the paths of the errors from there on.
async fn assert_below_node(selection: &str, data: &str, paths: &[&str]) {
    let reply = ask(&format!("{{ node {{ {selection} }} }}")).await;
    assert_eq!(reply.data(), format!(r#"{{"node":{data}}}"#), "{selection}");
    let paths: Vec<_> = paths.iter().map(|path| format!(r#"["node",{path}]"#)).collect();
    assert_eq!(reply.paths(), paths, "{selection}");
}

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_and_its_error_is_told() {
    let reply = ask("{ fine fails node { at fails } }").await;
    assert_eq!(reply.data(), r#"{"fine":1,"fails":null,"node":{"at":0,"fails":null}}"#);
    assert_eq!(reply.paths(), [r#"["fails"]"#, r#"["node","fails"]"#]);
    let errors = reply.errors();
    assert_eq!(errors[0]["message"], "The field failed.");
    assert_eq!(errors[0]["locations"], serde_json::json!([{ "line": 1, "column": 8 }]));
}

#[tokio::test]
async fn a_field_that_is_null_is_no_error() {
    let reply = ask("{ node { absent } }").await;
    assert_eq!(reply.flawless(), r#"{"node":{"absent":null}}"#);
}

#[tokio::test]
async fn an_object_of_which_every_field_failed_is_still_an_object() {
    assert_below_node("fails", r#"{"fails":null}"#, &[r#""fails""#]).await;
    assert_below_node("node { fails }", r#"{"node":{"fails":null}}"#, &[r#""node","fails""#]).await;
    assert_below_node(
        "nodeRequired { fails }",
        r#"{"nodeRequired":{"fails":null}}"#,
        &[r#""nodeRequired","fails""#],
    )
    .await;
    let reply = ask("{ fails }").await;
    assert_eq!(reply.data(), r#"{"fails":null}"#);
}

#[tokio::test]
async fn a_required_field_that_fails_takes_the_object_around_it() {
    assert_below_node(
        "at node { at failsRequired }",
        r#"{"at":0,"node":null}"#,
        &[r#""node","failsRequired""#],
    )
    .await;
    let reply = ask("{ fine node { at failsRequired } }").await;
    assert_eq!(reply.data(), r#"{"fine":1,"node":null}"#);
    assert_eq!(reply.paths(), [r#"["node","failsRequired"]"#]);
}

#[tokio::test]
async fn the_null_passes_up_to_the_nearest_place_that_may_be_null() {
    let path = r#""node","nodeRequired","nodeRequired","failsRequired""#;
    let selection = "at node { nodeRequired { at nodeRequired { failsRequired at } } }";
    assert_below_node(selection, r#"{"at":0,"node":null}"#, &[path]).await;
}

#[tokio::test]
async fn the_null_reaches_the_root_where_nothing_on_its_way_may_be_null() {
    for (query, path) in [
        ("{ fine failsRequired }", r#"["failsRequired"]"#),
        ("{ nodeRequired { at failsRequired } fine }", r#"["nodeRequired","failsRequired"]"#),
        (
            "{ nodeRequired { nodeRequired { ofRequiredRequired { secondFailsRequired } } } }",
            r#"["nodeRequired","nodeRequired","ofRequiredRequired",1,"secondFailsRequired"]"#,
        ),
    ] {
        let reply = ask(query).await;
        assert_eq!(reply.data(), "null", "{query}");
        assert_eq!(reply.paths(), [path], "{query}");
    }
}

#[tokio::test]
async fn an_object_that_fails_is_null_whatever_was_asked_below() {
    assert_below_node(
        "nodeFails { at failsRequired } at",
        r#"{"nodeFails":null,"at":0}"#,
        &[r#""nodeFails""#],
    )
    .await;
}

#[tokio::test]
async fn every_failed_field_has_its_error() {
    let selection = "fails again: fails node { fails failsRequired } at";
    assert_below_node(
        selection,
        r#"{"fails":null,"again":null,"node":null,"at":0}"#,
        &[r#""again""#, r#""fails""#, r#""node","fails""#, r#""node","failsRequired""#],
    )
    .await;
}

#[tokio::test]
async fn the_path_names_the_response_key() {
    assert_below_node("other: node { key: fails }", r#"{"other":{"key":null}}"#, &[r#""other","key""#]).await;
}

#[tokio::test]
async fn an_item_that_may_be_null_is_null_where_it_is_or_fails() {
    for field in ["items", "itemsRequired"] {
        let failed = format!(r#""{field}",2"#);
        for (third, data, paths) in [
            ("VALUE", "[3,3,3]", vec![]),
            ("NULL", "[3,3,null]", vec![]),
            ("ERROR", "[3,3,null]", vec![&*failed]),
        ] {
            let data = format!(r#"{{"{field}":{data}}}"#);
            assert_below_node(&format!("{field}(third: {third})"), &data, &paths).await;
        }
    }
}

#[tokio::test]
async fn an_item_that_may_not_be_null_takes_the_list() {
    let data = r#"{"ofRequiredItems":[3,3,3],"ofRequiredItemsRequired":[3,3,3]}"#;
    let selection = "ofRequiredItems(fails: false) ofRequiredItemsRequired(fails: false)";
    assert_below_node(selection, data, &[]).await;
    let data = r#"{"at":0,"ofRequiredItems":null}"#;
    assert_below_node("at ofRequiredItems(fails: true)", data, &[r#""ofRequiredItems",2"#]).await;
}

#[tokio::test]
async fn a_list_that_may_not_be_null_takes_what_is_around_it() {
    let selection = "at node { ofRequiredItemsRequired(fails: true) }";
    assert_below_node(selection, r#"{"at":0,"node":null}"#, &[r#""node","ofRequiredItemsRequired",2"#]).await;
}

#[tokio::test]
async fn in_lists_of_objects_the_null_stops_where_the_types_say() {
    let rest = r#"{"at":0,"secondFailsRequired":0},null,{"at":2,"secondFailsRequired":2}"#;
    for (field, data) in [
        ("list", format!(r#"{{"node":{{"at":0,"list":[{rest}]}}}}"#)),
        ("listRequired", format!(r#"{{"node":{{"at":0,"listRequired":[{rest}]}}}}"#)),
        ("ofRequired", r#"{"node":{"at":0,"ofRequired":null}}"#.to_owned()),
        ("ofRequiredRequired", r#"{"node":null}"#.to_owned()),
    ] {
        let selection = format!("node {{ at {field} {{ at secondFailsRequired }} }}");
        let path = format!(r#""node","{field}",1,"secondFailsRequired""#);
        assert_below_node(&selection, &data, &[&path]).await;
    }
}

#[tokio::test]
async fn in_lists_of_objects_a_nullable_field_that_fails_stays_where_it_is() {
    for field in ["list", "listRequired", "ofRequired", "ofRequiredRequired"] {
        let data =
            format!(r#"{{"{field}":[{{"secondFails":0}},{{"secondFails":null}},{{"secondFails":2}}]}}"#);
        let path = format!(r#""{field}",1,"secondFails""#);
        assert_below_node(&format!("{field} {{ secondFails }}"), &data, &[&path]).await;
    }
}

#[tokio::test]
async fn in_lists_of_lists_the_path_names_the_innermost_item() {
    assert_below_node("rows", r#"{"rows":null}"#, &[r#""rows",1,2"#]).await;
    assert_below_node("optionalRows", r#"{"optionalRows":[[3,3,3],null]}"#, &[r#""optionalRows",1,2"#]).await;
}
