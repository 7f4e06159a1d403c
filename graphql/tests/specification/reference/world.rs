//! The data that both executors answer from: what a field of an object holds is a number's throw, the same each time.

/// The type of a field, by the specification's words.
#[derive(Debug)]
pub enum Type {
    Int,
    Dog,
    Cat,
    Pet,
    List(&'static Type),
    Required(&'static Type),
}

/// What resolving a field comes to.
#[derive(Clone, Debug)]
pub enum Datum {
    Null,
    Fails,
    Number(i32),
    Object(Object),
    List(Vec<Datum>),
}

#[derive(Clone, Copy, Debug)]
pub struct Object {
    pub kind: &'static str,
    seed: u64,
}

pub const ROOT: Object = Object { kind: "Query", seed: 1 };

/// The fields that an object type has, or an interface.
pub fn fields_of(ty: &str) -> &'static [&'static str] {
    match ty {
        "Query" => &["count", "pet", "dog", "pets", "herd"],
        "Pet" => &["id", "age", "weight", "friend", "best", "friends", "pack"],
        "Dog" => &["id", "age", "weight", "friend", "best", "friends", "pack", "bark", "pup"],
        "Cat" => &["id", "age", "weight", "friend", "best", "friends", "pack", "purr", "kitten"],
        other => panic!("there is no type {other}"),
    }
}

/// The type of a field, which is the same on every type that has it.
pub fn type_of(field: &str) -> &'static Type {
    match field {
        "id" | "weight" | "purr" => &Type::Required(&Type::Int),
        "count" | "age" | "bark" => &Type::Int,
        "pet" | "friend" => &Type::Pet,
        "best" => &Type::Required(&Type::Pet),
        "dog" | "pup" => &Type::Required(&Type::Dog),
        "kitten" => &Type::Cat,
        "pets" => &Type::Required(&Type::List(&Type::Required(&Type::Pet))),
        "friends" => &Type::Required(&Type::List(&Type::Pet)),
        "pack" => &Type::List(&Type::Required(&Type::Pet)),
        "herd" => &Type::List(&Type::List(&Type::Required(&Type::Dog))),
        other => panic!("there is no field {other}"),
    }
}

/// The name of the type within lists, where it has fields.
pub fn composite(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Int => None,
        Type::Dog => Some("Dog"),
        Type::Cat => Some("Cat"),
        Type::Pet => Some("Pet"),
        Type::List(inner) | Type::Required(inner) => composite(inner),
    }
}

impl Object {
    pub fn read(self, field: &str) -> Datum {
        let seed = field.bytes().fold(self.seed, |seed, byte| mixed(seed ^ u64::from(byte)));
        match type_of(field) {
            Type::Required(_) if field != "id" && seed.is_multiple_of(9) => Datum::Fails,
            Type::Required(inner) => held(inner, seed),
            _ if seed.is_multiple_of(6) => Datum::Fails,
            ty => held_or_null(ty, seed),
        }
    }
}

fn held_or_null(ty: &Type, seed: u64) -> Datum {
    match ty {
        Type::Required(inner) => held(inner, seed),
        _ if seed.is_multiple_of(5) => Datum::Null,
        ty => held(ty, seed),
    }
}

fn held(ty: &Type, seed: u64) -> Datum {
    let seed = mixed(seed);
    match ty {
        Type::Int => Datum::Number(i32::from(seed.to_be_bytes()[0])),
        Type::Dog => Datum::Object(Object { kind: "Dog", seed }),
        Type::Cat => Datum::Object(Object { kind: "Cat", seed }),
        Type::Pet => Datum::Object(Object { kind: if seed.is_multiple_of(2) { "Dog" } else { "Cat" }, seed }),
        Type::List(inner) => {
            Datum::List((0..seed % 4).map(|at| held_or_null(inner, mixed(seed ^ at))).collect())
        }
        Type::Required(inner) => held(inner, seed),
    }
}

/// The finaliser of splitmix64.
const fn mixed(seed: u64) -> u64 {
    let seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    seed ^ (seed >> 31)
}
