//! What a reader can do to an object, and why not.

use domain::Problem;
use domain::permission::Permission;

use super::language::InLanguage;
use crate::plan::{Fields, Object};

impl Object for Permission {
    const NAME: &'static str = "Permission";
    const DESCRIPTION: &'static str = "Whether you can do one thing to one object as it is now. It goes by the rules of the mutation itself; what depends on \
         the input only the mutation can tell.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("ability", "What is to be done.", |permission| &permission.ability);
        fields.computed(
            "allowed",
            "Whether neither your roles nor the state of the object is in the way.",
            |permission| permission.refusal.is_none(),
        );
        fields.optional_object("why", "What is in the way; null where nothing is.", |permission| {
            permission.refusal.clone().map(Refusal)
        });
    }
}

/// What is in the way.
#[derive(Clone)]
struct Refusal(Problem);

impl Object for Refusal {
    const NAME: &'static str = "Refusal";
    const DESCRIPTION: &'static str = "Why something cannot be done.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed(
            "code",
            "For programs: `FORBIDDEN` where no role of yours permits it, else the code that the mutation's `userErrors` would \
             have, such as `WRONG_STATUS` or `OWN_WORK`.",
            |refusal| refusal.0.code().to_owned(),
        );
        fields.computed_with("message", "The same in words.", |refusal: &Refusal, language: &InLanguage| {
            refusal.0.message(language.0)
        });
    }
}

/// What a field `can` says of itself.
pub const CAN: &str =
    "What you can do to it now, and why not; for buttons. Only as it is now, so not below `asOf`.";
