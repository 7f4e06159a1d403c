// The explorer of Virkning's GraphQL API: sign in, write and run documents, browse the schema.
// Plain DOM and no libraries. Data from the server reaches the page as text nodes only.

const NOTICE_TIME = 10_000;
let noticeTimer = 0;

const $ = (id) => document.getElementById(id);

/** Makes an element with properties (or attributes) and children. */
function h(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null));
  return node;
}

const button = (onclick, properties, ...children) =>
  h("button", { type: "button", onclick, ...properties }, children);

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const readable = (constant) => capital(constant.toLowerCase().replaceAll("_", " "));

/** A description as paragraphs, with `code` between backticks. */
function prose(text) {
  const marked = (part, index) => (index % 2 ? h("code", {}, part) : part);
  const paragraphs = (text ?? "").trim().split(/\n\s*\n/).filter(Boolean);
  return paragraphs.map((paragraph) => h("p", {}, paragraph.split("`").map(marked)));
}

/** Shows a notice for a while. */
function say(text) {
  $("notice").textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { $("notice").textContent = ""; }, NOTICE_TIME);
}

// ---------------------------------------------------------------- transport

function post(body, token) {
  const headers = { "content-type": "application/json", "accept-language": $("language").value };
  if (token) headers.authorization = `Bearer ${token}`;
  return fetch("/graphql", { method: "POST", headers, body: JSON.stringify(body) });
}

/** The data of a request the explorer makes for itself; throws on any error. */
async function ask(query, variables, token) {
  const response = await post({ query, variables }, token);
  const answer = await response.json().catch(() => ({}));
  if (answer.data && !answer.errors?.length) return answer.data;
  throw new Error(answer.errors?.[0]?.message ?? `The server answered HTTP ${response.status}.`);
}

/** A list the explorer can do without: empty when it cannot be had. */
const fetchList = (path) =>
  fetch(path).then((response) => (response.ok ? response.json() : [])).catch(() => []);

// ------------------------------------------------------------------ session

const SESSION = `{
  accessToken refreshToken expiresAt viewer { name roleGrants { role forvaltning { code } } }
  userErrors { field message code }
}`;
const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  session: signIn(input: { email: $email, password: $password }) ${SESSION}
}`;
const REFRESH = `mutation RefreshSession($refreshToken: String!) {
  session: refreshSession(input: { refreshToken: $refreshToken }) ${SESSION}
}`;
const SIGN_OUT = "mutation SignOut { signOut { userErrors { message } } }";
const REFRESH_AHEAD = 30_000;
const REFRESH_PAUSE = 10_000;

let session = null; // the payload of signIn or refreshSession, in memory only
let refreshing = null; // the refresh under way: a refresh token is used but once
let refreshTimer = 0;

async function askSession(query, variables) {
  const payload = (await ask(query, variables)).session;
  if (payload.accessToken) return payload;
  throw new Error(payload.userErrors[0]?.message ?? "The server gave no token.");
}

function setSession(payload) {
  session = payload;
  clearTimeout(refreshTimer);
  if (session) refreshIn(Date.parse(session.expiresAt) - Date.now() - REFRESH_AHEAD);
  showSession();
}

function refreshIn(delay) {
  refreshTimer = setTimeout(refresh, Math.max(delay || 0, REFRESH_PAUSE));
}

function refresh() {
  refreshing ??= renew(session).finally(() => { refreshing = null; });
  return refreshing;
}

async function renew(former) {
  try {
    const payload = await askSession(REFRESH, { refreshToken: former.refreshToken });
    if (session === former) setSession(payload);
  } catch (fault) {
    if (session !== former) return;
    if (fault instanceof TypeError) return refreshIn(REFRESH_PAUSE); // no connection
    setSession(null);
    say(`The session has ended: ${fault.message}`);
  }
}

/** The token to send now, refreshed first when it has run out (as after sleep). */
async function currentToken() {
  if (session && Date.parse(session.expiresAt) <= Date.now()) await refresh();
  return session?.accessToken;
}

async function signIn(email, password) {
  $("sign-in-fault").textContent = "";
  try {
    const former = session;
    setSession(await askSession(SIGN_IN, { email, password }));
    $("sign-in-form").reset();
    $("sign-in-dialog").close();
    say("");
    if (former) ask(SIGN_OUT, {}, former.accessToken).catch(() => {});
  } catch (fault) {
    $("sign-in-fault").textContent = `Could not sign in: ${fault.message}`;
    $("sign-in-fault").scrollIntoView({ block: "nearest" });
  }
}

function signOut() {
  const { accessToken } = session;
  setSession(null);
  $("sign-in").focus();
  say("Signed out.");
  ask(SIGN_OUT, {}, accessToken).catch((fault) => say(`Signed out here only: ${fault.message}`));
}

function grantsText(grants) {
  const where = ({ forvaltning }) => forvaltning?.code ?? forvaltning ?? "whole municipality";
  return grants.map((grant) => `${readable(grant.role)} (${where(grant)})`).join(", ") || "No roles";
}

function showSession() {
  $("viewer").replaceChildren(...(session
    ? [h("strong", {}, session.viewer.name), " ", h("span", {}, grantsText(session.viewer.roleGrants))]
    : ["Not signed in"]));
  $("sign-in").textContent = session ? "Switch account" : "Sign in";
  $("sign-out").hidden = !session;
}

function showAccounts(accounts) {
  const account = ({ email, password, name, grants }) => h("li", {},
    button(() => signIn(email, password), {}, h("strong", {}, name), h("span", {}, grantsText(grants))));
  $("demo").hidden = accounts.length === 0;
  $("accounts").replaceChildren(...accounts.map(account));
}

// ------------------------------------------------------------------ editors

/** Replaces the selection as typing does, so that it can be undone. */
function typeInto(area, text) {
  area.focus();
  document.execCommand(text ? "insertText" : "delete", false, text);
}

function setDocument(query, variables) {
  const json = Object.keys(variables ?? {}).length ? JSON.stringify(variables, null, 2) : "";
  for (const [area, text] of [[$("variables"), json], [$("query"), query]]) {
    area.select();
    typeInto(area, text);
    area.setSelectionRange(0, 0);
    area.scrollTo(0, 0);
  }
}

/** A button that tells a place in an editor and goes there. */
function placeButton(area, { line, column }) {
  const go = () => {
    const before = area.value.split("\n").slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, column - 1);
    area.focus();
    area.setSelectionRange(at, at);
  };
  return button(go, { className: "plain" }, `line ${line}, column ${column}`);
}

/** Line numbers, two spaces for Tab (after Esc it leaves), run on Ctrl+Enter. */
function startEditor(area, lines, onInput) {
  let tabLeaves = false;
  area.addEventListener("input", () => {
    lines.textContent = area.value.split("\n").map((_, index) => index + 1).join("\n");
    onInput();
  });
  area.addEventListener("scroll", () => { lines.scrollTop = area.scrollTop; });
  area.addEventListener("keydown", (event) => {
    const runs = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    const indents = event.key === "Tab" && !event.shiftKey && !tabLeaves;
    tabLeaves = event.key === "Escape";
    if (!runs && !indents) return;
    event.preventDefault();
    if (runs) run();
    else typeInto(area, "  ");
  });
}

const GRAPHQL_TOKEN = /"""(?:\\"""|[^])*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#.*|[{}()[\]]|@?\w+/g;

/** The names of the operations in a document. */
function operationNames(text) {
  const tokens = (text.match(GRAPHQL_TOKEN) ?? []).filter((token) => !/^["#@]/.test(token));
  const names = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    if ("{([".includes(token)) depth += 1;
    else if ("})]".includes(token)) depth -= 1;
    else if (depth === 0 && /^(query|mutation|subscription)$/.test(tokens[index - 1])) names.push(token);
  });
  return names;
}

function onQueryInput() {
  const names = operationNames($("query").value);
  const chosen = $("operation").value;
  $("operation").replaceChildren(...names.map((name) => h("option", {}, name)));
  if (names.includes(chosen)) $("operation").value = chosen;
  $("operation-choice").hidden = names.length < 2;
  $("example").value = "";
}

function showExamples(examples) {
  const select = $("example");
  $("example-choice").hidden = examples.length === 0;
  select.append(...examples.map(({ name }, index) => h("option", { value: index }, name)));
  select.onchange = () => {
    const chosen = select.value;
    if (!chosen) return;
    setDocument(examples[chosen].query, examples[chosen].variables);
    select.value = chosen;
    select.focus();
  };
}

// ---------------------------------------------------------------- variables

const jsonToken = (source) => new RegExp(`[ \\t\\r\\n]*${source}`, "y");
const JSON_STRING = jsonToken('"(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4}))*"');
const JSON_WORD = jsonToken("(?:true|false|null|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)(?![\\w.])");
const [SPACE, END, COMMA, COLON, BRACE, BRACE_END, BRACKET, BRACKET_END] =
  ["", "$", ",", ":", "\\{", "\\}", "\\[", "\\]"].map(jsonToken);

/** Where a text stops being a JSON object and what was expected there, or null.
    (JSON.parse tells the place in some browsers and for some faults only.) */
function jsonFault(text) {
  let at = 0;
  let expected = "";
  const eat = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const need = (pattern, what) => {
    if (!eat(pattern)) expected ||= what;
    return !expected;
  };
  const items = (item, end, what) => {
    if (eat(end)) return true;
    do if (!item()) return false; while (eat(COMMA));
    return need(end, what);
  };
  const member = () => need(JSON_STRING, "a name in double quotes") && need(COLON, "a colon") && value();
  const members = () => items(member, BRACE_END, "a comma or }");
  const value = () => {
    if (eat(BRACE)) return members();
    if (eat(BRACKET)) return items(value, BRACKET_END, "a comma or ]");
    return eat(JSON_STRING) || need(JSON_WORD, "a value");
  };
  const sound = need(BRACE, "an object in braces") && members() && need(END, "nothing more");
  eat(SPACE);
  const place = at;
  const isBroken = text[at] === '"' && !eat(JSON_STRING);
  return sound ? null : { at: place, expected: isBroken ? "a sound string, closed on its line" : expected };
}

/** Tells what is wrong with the variables, at every change; true when sound. */
function checkVariables() {
  const area = $("variables");
  const fault = area.value.trim() ? jsonFault(area.value) : null;
  const before = area.value.slice(0, fault?.at).split("\n");
  const place = { line: before.length, column: before.at(-1).length + 1 };
  area.setAttribute("aria-invalid", String(Boolean(fault)));
  $("variables-fault").replaceChildren(...(fault
    ? ["At ", placeButton(area, place), `: expected ${fault.expected}.`]
    : []));
  return !fault;
}

// ------------------------------------------------------------------- answer

const JSON_PARTS = /("(?:\\.|[^"\\])*")(?=(:)?)|-?\d[\d.eE+-]*|true|false|null/g;
const LONGEST_COLOURED = 400_000;

let running = false;
let answerText = "";

const showStatus = (text) => { $("answer-status").textContent = text; };
const sizeText = (bytes) => (bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`);

async function run() {
  if (running) return;
  if (!$("query").value.trim()) return showStatus("Write a query first.");
  if (!checkVariables()) return $("variables").focus();
  running = true;
  showStatus("Running …");
  await runDocument().catch((fault) => {
    showAnswer("", [{ message: `The server could not be reached: ${fault.message}` }]);
    showStatus("No answer");
  });
  running = false;
}

async function runDocument() {
  const body = {
    query: $("query").value,
    variables: JSON.parse($("variables").value.trim() || "{}"),
    operationName: $("operation").value || null,
  };
  const token = await currentToken();
  const start = performance.now();
  const response = await post(body, token);
  const text = await response.text();
  const time = Math.round(performance.now() - start);
  showBody(text);
  showStatus(`HTTP ${response.status} · ${time} ms · ${sizeText(new Blob([text]).size)}`);
}

function showBody(text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return showAnswer(text, [{ message: "The answer is not JSON." }]);
  }
  showAnswer(JSON.stringify(answer, null, 2), answer?.errors ?? []);
}

function showAnswer(text, errors) {
  answerText = text;
  $("copy").hidden = !text;
  $("answer").replaceChildren(...(text.length > LONGEST_COLOURED ? [text] : coloured(text)));
  $("answer").scrollTo(0, 0);
  $("answer-errors").lang = $("language").value;
  $("answer-errors").replaceChildren(...errors.map(errorItem));
}

function errorItem({ message, locations, path, extensions }) {
  const place = locations?.[0] ? placeButton($("query"), locations[0]) : null;
  const notes = [extensions?.code, path?.join("."), place].filter(Boolean);
  return h("li", {}, message, h("small", {}, notes.map((note) => [" · ", note])));
}

/** Pretty-printed JSON as text with spans around names, strings and so on. */
function coloured(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: whole, 1: string, 2: colon, index } of text.matchAll(JSON_PARTS)) {
    const className = colon ? "name" : string ? "string" : "word";
    nodes.push(text.slice(end, index), h("span", { className }, whole));
    end = index + whole.length;
  }
  return [...nodes, text.slice(end)];
}

async function copyAnswer() {
  try {
    await navigator.clipboard.writeText(answerText);
  } catch { // not a secure context: copy by selection
    getSelection().selectAllChildren($("answer"));
    document.execCommand("copy");
  }
  say("The answer is copied.");
}

// ------------------------------------------------------------------- schema

const DEPRECATION = "isDeprecated deprecationReason";
const ALL = "(includeDeprecated: true)";
const TYPE = `type { ${"kind name ofType { ".repeat(5)} kind name ${"}".repeat(5)} }`;
const INPUT = `name description defaultValue ${TYPE} ${DEPRECATION}`;
const INTROSPECTION = `query IntrospectionQuery { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types {
    kind name description interfaces { name } possibleTypes { name }
    fields${ALL} { name description ${TYPE} ${DEPRECATION} args${ALL} { ${INPUT} } }
    inputFields${ALL} { ${INPUT} }
    enumValues${ALL} { name description ${DEPRECATION} }
  }
} }`;
const KINDS = {
  OBJECT: "Objects", INTERFACE: "Interfaces", UNION: "Unions",
  INPUT_OBJECT: "Inputs", ENUM: "Enums", SCALAR: "Scalars",
};
const MOST_RESULTS = 100;

let types = new Map(); // the schema's own types by name
let roots = new Map(); // "query", "mutation" by the name of their root type
let searchIndex = [];

async function loadSchema() {
  try {
    takeSchema((await ask(INTROSPECTION)).__schema);
    showSchema();
  } catch (fault) {
    const message = `The schema could not be read: ${fault.message}`;
    $("schema").replaceChildren(h("p", { className: "fault" }, message), button(loadSchema, {}, "Try again"));
  }
}

function takeSchema(schema) {
  const own = schema.types.filter(({ name }) => !name.startsWith("__"));
  own.sort((one, other) => one.name.localeCompare(other.name));
  types = new Map(own.map((type) => [type.name, type]));
  const operations = ["query", "mutation", "subscription"].filter((name) => schema[`${name}Type`]);
  roots = new Map(operations.map((name) => [schema[`${name}Type`].name, name]));
  searchIndex = own.flatMap(searchEntries);
}

const membersOf = (type) => type.fields ?? type.inputFields ?? type.enumValues ?? [];

function searchEntries(type) {
  const entry = (label, place, { name, description }) =>
    ({ name, label, place, description, text: `${label} ${description ?? ""}` });
  const members = membersOf(type).flatMap((member) => {
    const place = { type: type.name, member: member.name };
    const label = `${type.name}.${member.name}`;
    const args = (member.args ?? []).map((arg) => entry(`${label}(${arg.name})`, place, arg));
    return [entry(label, place, member), ...args];
  });
  return [entry(type.name, { type: type.name }, type), ...members];
}

function typeText({ kind, name, ofType }) {
  if (kind === "NON_NULL") return `${typeText(ofType)}!`;
  return kind === "LIST" ? `[${typeText(ofType)}]` : name;
}

const namedType = (type) => types.get(typeText(type).replace(/\W/g, ""));
const link = (place, text) => h("a", { href: `#${new URLSearchParams(place)}` }, text);
const nameLink = (name) => link({ type: name }, name);

function typeLink(type) {
  const [open, name, close] = typeText(type).split(/(\w+)/);
  return [open, nameLink(name), close];
}

/** Shows what the address asks for: #type=T, #type=T&member=m or #search=words. */
function showSchema() {
  const place = new URLSearchParams(location.hash.slice(1));
  const type = types.get(place.get("type"));
  const search = place.get("search") ?? "";
  if ($("search").value !== search) $("search").value = search;
  $("found").textContent = "";
  const view = type ? typeView(type, place.get("member")) : search ? resultsView(search) : listView();
  $("schema").replaceChildren(h("div", {}, view));
  $("schema").scrollTo(0, 0);
}

function onAddress() {
  showSchema();
  ($("schema").querySelector(".chosen") ?? $("schema").querySelector("h3[tabindex]") ?? $("schema")).focus();
}

function onSearch() {
  const search = $("search").value;
  const change = location.hash.startsWith("#search=") ? "replaceState" : "pushState";
  history[change](null, "", search ? `#${new URLSearchParams({ search })}` : "#types");
  showSchema();
}

function listView() {
  const namesOf = (kind) => [...types.values()].filter((type) => type.kind === kind).map(({ name }) => name);
  const group = (title, names) => names.length
    ? [h("h3", {}, title), h("ul", { className: "names" }, names.map((name) => h("li", {}, nameLink(name))))]
    : [];
  const others = Object.entries(KINDS)
    .map(([kind, title]) => group(title, namesOf(kind).filter((name) => !roots.has(name))));
  return [group("Operations", [...roots.keys()]), others];
}

function resultsView(search) {
  const words = search.toLowerCase().split(/\s+/);
  const matches = (text) => words.every((word) => text.toLowerCase().includes(word));
  const rank = ({ name, label }) =>
    (matches(name) ? name.length : matches(label) ? 1e3 : 1e6) + label.length / 1e3;
  const found = searchIndex.filter(({ text }) => matches(text));
  const shown = found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST_RESULTS);
  const rest = found.length > shown.length ? `, the first ${shown.length} shown` : "";
  $("found").textContent = `${found.length} found${rest}`;
  return h("ul", { className: "members" }, shown.map(({ label, place, description }) =>
    h("li", {}, h("code", {}, link(place, label)), prose(description).slice(0, 1))));
}

function typeView(type, chosen) {
  const related = (title, others) =>
    others?.length ? h("p", {}, `${title}: `, others.map(({ name }) => [nameLink(name), " "])) : null;
  return [
    h("p", {}, h("a", { href: "#types" }, "All types")),
    h("h3", { tabIndex: -1 }, type.name, " ", h("small", {}, readable(type.kind))),
    prose(type.description),
    related("Implements", type.interfaces),
    related("One of", type.possibleTypes),
    memberList(membersOf(type), roots.get(type.name), chosen),
  ];
}

function memberList(members, operation, chosen) {
  const item = (member) => (member.name === chosen ? { className: "chosen", tabIndex: -1 } : {});
  return h("ul", { className: "members" },
    members.map((member) => h("li", item(member), memberView(member, operation))));
}

/** A field, an argument, an input field or an enum value. */
function memberView(member, operation) {
  const { name, type, defaultValue, isDeprecated, deprecationReason, description, args } = member;
  const insert = () => insertSkeleton(operation, member);
  const deprecation = () => prose(`Deprecated: ${deprecationReason ?? ""}`);
  return [
    operation ? button(insert, { "aria-label": `Insert ${name} into the editor` }, "Insert") : null,
    h("code", {}, h("strong", {}, name), type ? [": ", typeLink(type)] : null,
      defaultValue != null ? ` = ${defaultValue}` : null),
    isDeprecated ? h("div", { className: "deprecated" }, deprecation()) : null,
    prose(description),
    args?.length ? [h("p", { className: "hint" }, "Arguments"), memberList(args)] : null,
  ];
}

// ---------------------------------------------------------------- skeletons

const isLeaf = (type) => /SCALAR|ENUM/.test(namedType(type).kind);
const isRequired = ({ type, defaultValue }) => type.kind === "NON_NULL" && defaultValue == null;

/** Replaces the document with one that asks for a root field. */
function insertSkeleton(operation, field) {
  const required = field.args.filter(isRequired);
  const list = (item) => (required.length ? `(${required.map(item).join(", ")})` : "");
  const declared = list(({ name, type }) => `$${name}: ${typeText(type)}`);
  const passed = list(({ name }) => `${name}: $${name}`);
  const depth = operation === "mutation" || isConnection(namedType(field.type)) ? 1 : 0;
  const call = `${field.name}${passed}${selection(field.type, depth, "  ")}`;
  const variables = required.map(({ name, type }) => [name, sample(type)]);
  const head = `${operation} ${capital(field.name)}${declared}`;
  setDocument(`${head} {\n  ${call}\n}\n`, Object.fromEntries(variables));
  say(`${field.name} inserted; undo brings the former text back.`);
}

const isConnection = ({ fields }) => Boolean(fields?.some(({ name }) => name === "nodes"));

/** The leaf fields of a type and, `depth` levels down, those of its objects. */
function selection(type, depth, indent) {
  if (isLeaf(type)) return "";
  const isWanted = ({ name, type: of, args, isDeprecated }) => !isDeprecated && !args.some(isRequired)
    && (isLeaf(of) || (depth > 0 && name !== "edges"));
  const lines = (namedType(type).fields ?? []).filter(isWanted)
    .map(({ name, type: of }) => `${indent}  ${name}${selection(of, depth - 1, `${indent}  `)}\n`);
  return ` {\n${lines.join("") || `${indent}  __typename\n`}${indent}}`;
}

/** A first value for a variable, to be filled in. */
function sample(type, depth = 0) {
  if (type.kind === "NON_NULL") return sample(type.ofType, depth);
  if (type.kind === "LIST") return depth < 3 ? [sample(type.ofType, depth + 1)] : [];
  const { kind, name, enumValues, inputFields } = namedType(type);
  if (kind === "ENUM") return enumValues[0].name;
  if (kind !== "INPUT_OBJECT") return { Int: 0, Float: 0, Boolean: false }[name] ?? "";
  const required = inputFields.filter(isRequired);
  return Object.fromEntries(required.map((field) => [field.name, sample(field.type, depth + 1)]));
}

// -------------------------------------------------------------------- start

$("language").value = navigator.language.startsWith("da") ? "da" : "en";
$("sign-in").onclick = () => $("sign-in-dialog").showModal();
$("sign-in-dialog").onclose = () => { $("sign-in-fault").textContent = ""; };
$("sign-in-form").onsubmit = (event) => {
  event.preventDefault();
  signIn($("email").value, $("password").value);
};
$("sign-out").onclick = signOut;
startEditor($("variables"), $("variables-lines"), checkVariables);
startEditor($("query"), $("query-lines"), onQueryInput);
$("run").onclick = run;
$("copy").onclick = copyAnswer;
$("search").oninput = onSearch;
addEventListener("hashchange", onAddress);
loadSchema();
fetchList("/explorer/accounts.json").then(showAccounts);
fetchList("/explorer/examples.json").then(showExamples);
