set positional-arguments

# List the commands
default:
    @"{{ just_executable() }}" --list

# Run the server with demonstration data
demo:
    cargo run --release -- demo

# Run the tests on SQLite and PostgreSQL; arguments go to cargo test
test *ARGS:
    tests/run "$@"

# Check formatting and lints
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Format the code
fmt:
    cargo fmt --all

# Print the GraphQL schema to schema.graphql
schema:
    cargo run -- schema > schema.graphql

# It rewrites schema.graphql, the authorization matrix, who gets what and the statement counts: read the diff.
# Accept what the tests print as the new expectation
snapshots:
    VIRKNING_ACCEPT=1 tests/run

# Check the dependencies' advisories, licenses and sources
deny:
    cargo deny check
