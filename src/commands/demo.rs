//! The demo: everything needed, embedded, with the 2023 register and an account for every role.

mod results;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::account::{Create, Password};
use domain::log::Key;
use domain::register::{self, Files};
use domain::role_grant::GrantRole;
use domain::{Context, Given, Role, Services, Threshold, operate, reporting_year};

use results::Evaluated;

use super::account::{find, found};
use super::serve::{app, run, schema, start};
use super::{Failure, Outcome, connect, migrate, on, operator};
use crate::checkpoints;
use crate::http::{DemoAccount, DemoGrant};
use crate::settings::{Demo, Log, Reach, Serve};
use crate::tokens::{Own, Tokens};

const DATABASE: &str = "virkning-demo.db";
const FORVALTNINGER: [&str; 5] = ["BIF", "BUF", "SOF", "TMF", "ØKF"];
const YEAR: i32 = 2023;
/// Who records the demo's evaluation; someone else is to approve it.
const EVALUATOR: &str = "evaluator-sof@virkning.example";

macro_rules! files {
    ($folder:literal: $($file:literal),+ $(,)?) => {
        [$(($file, include_bytes!(concat!("../../data/", $folder, "/", $file)).as_slice())),+]
    };
}

/// The register of 2023, in the binary.
const REGISTER: [(&str, &[u8]); 11] = files!["sikker-by-2023":
    "forvaltninger.csv",
    "strategy_principles.csv",
    "districts.csv",
    "interventions.csv",
    "reporting_years.csv",
    "intervention_years.csv",
    "target_groups.csv",
    "funding.csv",
    "figures.csv",
    "claims.csv",
    "claim_terms.csv",
];

/// The evaluation that was printed with it: that of Den Korte Snor, as its evaluator submits it.
const EVALUATIONS: [(&str, &[u8]); 6] = files!["sikker-by-2023-evaluations":
    "evaluations.csv",
    "populations.csv",
    "data_sources.csv",
    "success_criteria.csv",
    "measurements.csv",
    "criterion_claims.csv",
];

pub async fn demo(
    demo: &Demo,
    signing: &Log,
    settings: &Serve,
    reach: &Reach,
    disclosure_threshold: Threshold,
) -> Outcome {
    if !settings.listen.ip().is_loopback() {
        return Err(Failure(
            "The demo's passwords are known to everyone, so it listens on this machine only: give --listen 127.0.0.1:PORT."
                .into(),
        ));
    }
    let folder = Folder::open(demo.data.as_deref())?;
    let url = format!("sqlite://{}", folder.path.join(DATABASE).display());
    let key = Arc::new(checkpoints::key(&url, signing)?);
    let services = Services { disclosure_threshold, ..connect(&url, settings.limits.query_time()).await? };
    on(services, async |services| serve(services, key, settings, reach).await).await
}

async fn serve(services: &Services, key: Arc<Key>, settings: &Serve, reach: &Reach) -> Outcome {
    let schema = schema(settings, true);
    migrate(services).await?;
    let accounts = accounts();
    let evaluated = Box::pin(seed(services, &accounts)).await?;
    // Sessions outlive the secret: their refresh tokens are in the database.
    let mut secret = [0; 32];
    services.environment.fill_random(&mut secret)?;
    let tokens = Tokens::new(Own::new(&secret, None), true, None);
    let app = app(services.clone(), tokens, key, schema, reach, settings, Some(accounts.clone())).await?;
    let listening = start(app, settings)?;
    print(&listening.url(), &accounts, &evaluated);
    run(listening, settings, Some(&accounts)).await
}

/// Where the database lies; a temporary one goes when the demo ends.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn open(given: Option<&Path>) -> Outcome<Self> {
        let path = match given {
            Some(path) => path.to_path_buf(),
            None => std::env::temp_dir().join(format!("virkning-demo-{}", std::process::id())),
        };
        std::fs::create_dir_all(&path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
        Ok(Self { path, temporary: given.is_none() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, folder = %self.path.display(), "demo folder not removed");
        }
    }
}

/// One EVALUATOR and one APPROVER in each forvaltning, and one account of every other role. The first is ADMIN, the second
/// COORDINATOR: they make the others and the register.
fn accounts() -> Vec<DemoAccount> {
    let account = |role: Role, forvaltning: Option<&str>| {
        let word = role.as_str().to_lowercase();
        let place = forvaltning
            .map(|code| format!("-{}", code.to_lowercase().replace('ø', "oe")))
            .unwrap_or_default();
        let name = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        DemoAccount {
            email: format!("{word}{place}@virkning.example"),
            password: format!("demo-{word}{place}-2023"),
            name: forvaltning.map_or(name.clone(), |code| format!("{name} {code}")),
            grants: vec![DemoGrant { role, forvaltning: forvaltning.map(str::to_owned) }],
        }
    };
    let mut accounts: Vec<_> =
        [Role::Admin, Role::Coordinator, Role::Auditor, Role::Reader].map(|role| account(role, None)).into();
    for code in FORVALTNINGER {
        accounts.extend([Role::Evaluator, Role::Approver].map(|role| account(role, Some(code))));
    }
    accounts
}

/// Brings an empty database to the demo's beginning, and gives back what its evaluations say. What is there is left as it
/// is.
async fn seed(services: &Services, accounts: &[DemoAccount]) -> Outcome<Vec<Evaluated>> {
    let [admin, coordinator, ..] = accounts else {
        return Ok(Vec::new());
    };
    if Context::of_founder(services, &admin.name, services.environment.new_id()).await?.is_some() {
        found(services, create(admin)).await?;
    }
    let operating = operator(services, &admin.email).await?;
    add(&operating, coordinator).await?;
    let importing = operator(services, &coordinator.email).await?;
    if reporting_year::by_year(&importing, YEAR).await?.is_none() {
        import(&importing, REGISTER).await?;
    }
    for account in accounts {
        add(&operating, account).await?;
    }
    let evaluated = results::of_evaluations(&importing).await?;
    if !evaluated.is_empty() {
        return Ok(evaluated);
    }
    import(&operator(services, EVALUATOR).await?, EVALUATIONS).await?;
    importing.release().await;
    results::of_evaluations(&importing).await
}

async fn import<const N: usize>(importing: &Context, files: [(&str, &[u8]); N]) -> Outcome {
    let files: BTreeMap<_, _> = files.map(|(name, content)| (name.to_owned(), content.to_vec())).into();
    if let Err(faults) = register::import(importing, &Files(files), |_| {}).await? {
        let list = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        return Err(Failure(format!("The demo's own files have faults:\n{list}")));
    }
    Ok(())
}

/// Makes an account with its grants, unless it is there.
async fn add(admin: &Context, account: &DemoAccount) -> Outcome {
    let known = find(admin, &account.email).await?;
    let is_new = known.is_none();
    let id = match known {
        Some(known) => known.id,
        None => operate(admin, create(account), Given::default()).await?.id,
    };
    let granted = domain::role_grant::of_accounts(admin, &[id]).await?;
    if is_new || granted.is_empty() {
        for grant in &account.grants {
            operate(admin, GrantRole::now(id, grant.role, grant.forvaltning.clone()), Given::default())
                .await?;
        }
    }
    Ok(())
}

fn create(account: &DemoAccount) -> Create {
    Create::new(account.email.clone(), account.name.clone(), Password(account.password.clone()))
}

fn print(url: &str, accounts: &[DemoAccount], evaluated: &[Evaluated]) {
    println!("Virkning's demo, with the register of {YEAR}\n");
    println!("  API       {url}/graphql");
    println!("  Explorer  {url}/explorer\n");
    println!("  {:<34} {:<28} roles", "account", "password");
    for account in accounts {
        let roles: Vec<_> = account
            .grants
            .iter()
            .map(|grant| match &grant.forvaltning {
                Some(code) => format!("{} {code}", grant.role),
                None => grant.role.to_string(),
            })
            .collect();
        println!("  {:<34} {:<28} {}", account.email, account.password, roles.join(", "));
    }
    for evaluation in evaluated {
        println!("\n{evaluation}");
    }
    println!("Stop with Ctrl-C.");
}
