//! The world as a schema of async-graphql.

use async_graphql::{Error, Interface, Object, Result};

use super::world::{Datum, Object as Thing, ROOT};

/// What a field's datum is in Rust. A datum of another shape is a mistake of the schema's.
trait Held: Sized {
    fn held(datum: Datum) -> Self;
}

impl Held for i32 {
    fn held(datum: Datum) -> Self {
        let Datum::Number(number) = datum else { panic!("{datum:?} is no number") };
        number
    }
}

impl Held for Dog {
    fn held(datum: Datum) -> Self {
        let Datum::Object(dog) = datum else { panic!("{datum:?} is no dog") };
        Self(dog)
    }
}

impl Held for Cat {
    fn held(datum: Datum) -> Self {
        let Datum::Object(cat) = datum else { panic!("{datum:?} is no cat") };
        Self(cat)
    }
}

impl Held for Pet {
    fn held(datum: Datum) -> Self {
        match datum {
            Datum::Object(pet) if pet.kind == "Dog" => Dog(pet).into(),
            Datum::Object(pet) => Cat(pet).into(),
            other => panic!("{other:?} is no pet"),
        }
    }
}

impl<T: Held> Held for Vec<T> {
    fn held(datum: Datum) -> Self {
        let Datum::List(items) = datum else { panic!("{datum:?} is no list") };
        items.into_iter().map(T::held).collect()
    }
}

impl<T: Held> Held for Option<T> {
    fn held(datum: Datum) -> Self {
        if matches!(datum, Datum::Null) { None } else { Some(T::held(datum)) }
    }
}

/// Resolves a field, some sooner and some later, so that they are done in another order than they were asked for.
async fn read<T: Held>(thing: Thing, field: &str) -> Result<T> {
    for _ in 0..(field.len() * 7) % 5 {
        tokio::task::yield_now().await;
    }
    match thing.read(field) {
        Datum::Fails => Err(Error::new("The field failed.")),
        held => Ok(T::held(held)),
    }
}

pub struct Query;

#[Object]
impl Query {
    async fn count(&self) -> Result<Option<i32>> {
        read(ROOT, "count").await
    }

    async fn pet(&self) -> Result<Option<Pet>> {
        read(ROOT, "pet").await
    }

    async fn dog(&self) -> Result<Dog> {
        read(ROOT, "dog").await
    }

    async fn pets(&self) -> Result<Vec<Pet>> {
        read(ROOT, "pets").await
    }

    async fn herd(&self) -> Result<Option<Vec<Option<Vec<Dog>>>>> {
        read(ROOT, "herd").await
    }
}

#[derive(Interface)]
#[expect(clippy::duplicated_attributes, reason = "fields of one type")]
#[graphql(
    field(name = "id", ty = "i32"),
    field(name = "age", ty = "Option<i32>"),
    field(name = "weight", ty = "i32"),
    field(name = "friend", ty = "Option<Pet>"),
    field(name = "best", ty = "Pet"),
    field(name = "friends", ty = "Vec<Option<Pet>>"),
    field(name = "pack", ty = "Option<Vec<Pet>>")
)]
pub enum Pet {
    Dog(Dog),
    Cat(Cat),
}

pub struct Dog(Thing);
pub struct Cat(Thing);

/// The fields of a pet, and two of its own.
macro_rules! pet {
    ($name:ident { $($field:ident: $ty:ty),+ }) => {
        #[Object]
        impl $name {
            async fn id(&self) -> Result<i32> {
                read(self.0, "id").await
            }

            async fn age(&self) -> Result<Option<i32>> {
                read(self.0, "age").await
            }

            async fn weight(&self) -> Result<i32> {
                read(self.0, "weight").await
            }

            async fn friend(&self) -> Result<Option<Pet>> {
                read(self.0, "friend").await
            }

            async fn best(&self) -> Result<Pet> {
                read(self.0, "best").await
            }

            async fn friends(&self) -> Result<Vec<Option<Pet>>> {
                read(self.0, "friends").await
            }

            async fn pack(&self) -> Result<Option<Vec<Pet>>> {
                read(self.0, "pack").await
            }

            $(async fn $field(&self) -> Result<$ty> {
                read(self.0, stringify!($field)).await
            })+
        }
    };
}

pet!(Dog { bark: Option<i32>, pup: Dog });
pet!(Cat { purr: i32, kitten: Option<Cat> });
