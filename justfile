# Everything CI runs before the reference tests, in the same order.
ready: lint fmt clippy test doc deny output

# Python and shell: the reference tests, and the scripts that machines run.
lint:
    tests/reference/lint

fmt:
    cargo fmt --check

clippy:
    cargo clippy --all-targets --locked -- -D warnings
    cargo clippy --lib --bins --no-default-features --locked -- -D warnings

test:
    cargo test --locked
    cargo test --lib --no-default-features --locked

doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

deny:
    cargo deny --locked check bans licenses sources

output:
    cargo run --release --locked -- profile --all --check

# Write what the cases should say; read the diff before you commit it.
bless *CASE:
    CFGBUILD_BLESS=1 cargo test --test cases {{CASE}}

# The real Ignition, systemd and YAML readers over everything the shipped profiles compile to.
reference:
    cargo build --release --locked
    tests/reference/install
    CFGBUILD=target/release/cfgbuild tests/reference/run

bench:
    cargo bench --bench scale --bench ratios

# Ten minutes of arbitrary bytes as `inspect`, `profile`, `unit` or `values`; needs nightly and cargo-fuzz.
fuzz TARGET="profile":
    fuzz/run {{TARGET}} 600
