//! Whom else the server believes when it says who someone is.

use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};
use domain::identity::{Groups, Mapping, Trust};

use crate::tokens::{Provider, check_url};

/// An identity provider by OpenID Connect (docs/oidc.md), and whether there are accounts beside its own.
#[derive(Debug, Args)]
pub struct SignIn {
    /// Identity provider whose tokens are believed, as it calls itself: an https address
    #[arg(long, env = "VIRKNING_OIDC_ISSUER", value_name = "URL", global = true)]
    pub oidc_issuer: Option<String>,

    /// What this server is called in the aud of its tokens
    #[arg(long, env = "VIRKNING_OIDC_AUDIENCE", value_name = "NAME", global = true)]
    pub oidc_audience: Option<String>,

    /// Where its keys are; without it, where its discovery document says
    #[arg(long, env = "VIRKNING_OIDC_JWKS_URL", value_name = "URL", global = true)]
    pub oidc_jwks_url: Option<String>,

    /// Seconds between two fetches of its keys
    #[arg(
        long,
        env = "VIRKNING_OIDC_REFRESH_SECONDS",
        value_name = "SECONDS",
        default_value_t = 600,
        value_parser = clap::value_parser!(u64).range(1..=86400),
        global = true
    )]
    pub oidc_refresh_seconds: u64,

    /// Level of assurance that a token must name as its acr; several, separated by spaces, where any of them will do
    #[arg(long, env = "VIRKNING_OIDC_ACR", value_name = "VALUES", value_delimiter = ' ', global = true)]
    pub oidc_acr: Vec<String>,

    /// Who makes the accounts of those that it vouches for
    #[arg(long, env = "VIRKNING_OIDC_ACCOUNTS", default_value = "administrator", global = true)]
    pub oidc_accounts: Accounts,

    /// Claim that lists someone's groups
    #[arg(
        long,
        env = "VIRKNING_OIDC_GROUPS_CLAIM",
        value_name = "CLAIM",
        default_value = "groups",
        global = true
    )]
    pub oidc_groups_claim: String,

    /// Group that stands for a role, such as evaluators=EVALUATOR:SOF; several, one option each or separated by semicolons
    #[arg(
        long,
        env = "VIRKNING_OIDC_GROUP",
        value_name = "GROUP=ROLE[:FORVALTNING]",
        value_delimiter = ';',
        global = true
    )]
    pub oidc_group: Vec<String>,

    /// Hours that such a role holds after the last token that names the group
    #[arg(
        long,
        env = "VIRKNING_OIDC_GRANT_HOURS",
        value_name = "HOURS",
        default_value_t = 12,
        value_parser = clap::value_parser!(u16).range(1..=720),
        global = true
    )]
    pub oidc_grant_hours: u16,

    /// Whether accounts can sign in here with a password
    #[arg(
        long,
        env = "VIRKNING_LOCAL_ACCOUNTS",
        value_name = "TRUE OR FALSE",
        default_value_t = true,
        action = ArgAction::Set,
        value_parser = BoolishValueParser::new(),
        global = true
    )]
    pub local_accounts: bool,
}

/// Who makes an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Accounts {
    /// An ADMIN, beforehand
    Administrator,
    /// The server, when it first sees someone's token; without any role
    FirstSight,
}

impl SignIn {
    /// The provider, if there is one. Faults are added to those of the other settings.
    pub fn provider(&self, faults: &mut Vec<String>) -> Option<Provider> {
        let (mappings, unread): (Vec<_>, Vec<_>) =
            self.oidc_group.iter().map(|text| text.parse::<Mapping>()).partition(Result::is_ok);
        faults
            .extend(unread.into_iter().filter_map(Result::err).map(|fault| format!("--oidc-group: {fault}")));
        let urls = [("--oidc-issuer", &self.oidc_issuer), ("--oidc-jwks-url", &self.oidc_jwks_url)];
        for (option, url) in urls {
            if let Some(Err(fault)) = url.as_deref().map(check_url) {
                faults.push(format!("{option}: {fault}"));
            }
        }
        let Some(issuer) = self.oidc_issuer.clone() else {
            self.check_without_provider(faults);
            return None;
        };
        let Some(audience) = self.oidc_audience.clone().filter(|audience| !audience.is_empty()) else {
            faults.push(
                "--oidc-audience: say what this server is called in the aud of the issuer's tokens".into(),
            );
            return None;
        };
        Some(Provider {
            issuer,
            audience,
            keys: self.oidc_jwks_url.clone(),
            acr: self.oidc_acr.iter().filter(|acr| !acr.is_empty()).cloned().collect(),
            groups_claim: self.oidc_groups_claim.clone(),
            refresh: Duration::from_secs(self.oidc_refresh_seconds),
            trust: Trust {
                accounts_on_first_sight: self.oidc_accounts == Accounts::FirstSight,
                groups: Groups {
                    mappings: mappings.into_iter().filter_map(Result::ok).collect(),
                    seconds: i64::from(self.oidc_grant_hours) * 60 * 60,
                },
            },
        })
    }

    /// What means nothing without a provider is a mistake, and may be a grave one.
    fn check_without_provider(&self, faults: &mut Vec<String>) {
        let given = [
            ("--oidc-audience", self.oidc_audience.is_some()),
            ("--oidc-jwks-url", self.oidc_jwks_url.is_some()),
            ("--oidc-acr", !self.oidc_acr.is_empty()),
            ("--oidc-group", !self.oidc_group.is_empty()),
            ("--oidc-accounts", self.oidc_accounts == Accounts::FirstSight),
        ];
        for (option, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
            faults.push(format!("{option}: there is no --oidc-issuer that it could be about"));
        }
        if !self.local_accounts {
            faults.push("--local-accounts: without an --oidc-issuer nobody could sign in".into());
        }
    }
}
