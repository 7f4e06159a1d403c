//! The schema of section 5 of the specification, with the mutation of section 6.3.1 added.

use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use async_graphql::{Context, Enum, Interface, Object, SimpleObject, Union};
use graphql::Limits;

use crate::harness::{Server, called};

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum DogCommand {
    Sit,
    Down,
    Heel,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CatCommand {
    Jump,
}

pub struct Dog;

#[Object]
impl Dog {
    async fn name(&self, field: &Context<'_>) -> &str {
        called(field, "Dog.name");
        "Rex"
    }

    async fn nickname(&self) -> Option<&str> {
        None
    }

    async fn bark_volume(&self, field: &Context<'_>) -> Option<i32> {
        called(field, "Dog.barkVolume");
        Some(9)
    }

    async fn does_know_command(&self, dog_command: DogCommand) -> bool {
        dog_command == DogCommand::Sit
    }

    async fn is_house_trained(&self, at_other_homes: Option<bool>) -> bool {
        at_other_homes != Some(true)
    }

    async fn owner(&self, field: &Context<'_>) -> Option<Human> {
        called(field, "Dog.owner");
        Some(Human)
    }
}

pub struct Cat;

#[Object]
impl Cat {
    async fn name(&self, field: &Context<'_>) -> &str {
        called(field, "Cat.name");
        "Mis"
    }

    async fn nickname(&self) -> Option<&str> {
        Some("Misser")
    }

    async fn does_know_command(&self, cat_command: CatCommand) -> bool {
        cat_command == CatCommand::Jump
    }

    async fn meow_volume(&self) -> Option<i32> {
        Some(3)
    }
}

pub struct Human;

#[Object]
impl Human {
    async fn name(&self) -> &str {
        "Ada"
    }

    async fn pets(&self, field: &Context<'_>) -> Option<Vec<Pet>> {
        called(field, "Human.pets");
        Some(vec![Dog.into(), Cat.into()])
    }
}

pub struct Alien;

#[Object]
impl Alien {
    async fn name(&self) -> &str {
        "Zog"
    }

    async fn home_planet(&self) -> Option<&str> {
        Some("Mars")
    }
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "String"))]
pub enum Pet {
    Dog(Dog),
    Cat(Cat),
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "String"))]
pub enum Sentient {
    Human(Human),
    Alien(Alien),
}

#[derive(Union)]
pub enum CatOrDog {
    Cat(Cat),
    Dog(Dog),
}

#[derive(Union)]
pub enum DogOrHuman {
    Dog(Dog),
    Human(Human),
}

#[derive(Union)]
pub enum HumanOrAlien {
    Human(Human),
    Alien(Alien),
}

#[derive(SimpleObject)]
pub struct DogConnection {
    nodes: Vec<Dog>,
}

pub struct Kennel;

#[Object(name = "Query")]
impl Kennel {
    async fn dog(&self, field: &Context<'_>) -> Option<Dog> {
        called(field, "dog");
        Some(Dog)
    }

    async fn human(&self) -> Option<Human> {
        Some(Human)
    }

    async fn pet(&self, field: &Context<'_>) -> Option<Pet> {
        called(field, "pet");
        Some(Dog.into())
    }

    async fn cat_or_dog(&self) -> Option<CatOrDog> {
        Some(Cat.into())
    }

    async fn dog_or_human(&self) -> DogOrHuman {
        Human.into()
    }

    async fn sentients(&self) -> Vec<Sentient> {
        vec![Human.into(), Alien.into()]
    }

    async fn humans_or_aliens(&self) -> Vec<Option<HumanOrAlien>> {
        vec![Some(Alien.into()), None, Some(Human.into())]
    }

    async fn cats_and_dogs(&self) -> Vec<CatOrDog> {
        vec![Cat.into(), Dog.into()]
    }

    async fn dogs(&self, first: Option<i32>, last: Option<i32>) -> DogConnection {
        let count = first.or(last).and_then(|count| usize::try_from(count).ok());
        DogConnection { nodes: (0..count.unwrap_or(1)).map(|_| Dog).collect() }
    }

    /// Fields with arguments that must be given, for sections 5.4 and 6.1.2.
    async fn echo(&self, number: i32) -> i32 {
        number
    }
}

/// Where the number of section 6.3.1 is kept.
#[derive(Default)]
pub struct Numbers(AtomicI32);

pub struct Changed<'a>(&'a AtomicI32);

#[Object]
impl Changed<'_> {
    async fn the_number(&self) -> i32 {
        // Were mutations to run together, another one would write in between.
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.0.load(Ordering::SeqCst)
    }
}

#[Object(name = "Mutation")]
impl Numbers {
    async fn change_the_number(&self, field: &Context<'_>, new_number: i32) -> Changed<'_> {
        called(field, format!("changeTheNumber({new_number})"));
        self.0.store(new_number, Ordering::SeqCst);
        Changed(&self.0)
    }

    async fn fail_to_change(&self, field: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        called(field, "failToChange");
        Err("It cannot be changed.".into())
    }

    async fn fail_badly(&self, field: &Context<'_>) -> async_graphql::Result<i32> {
        called(field, "failBadly");
        Err("It cannot be changed.".into())
    }
}

pub fn kennel() -> Server<Kennel, Numbers> {
    limited(Limits::default())
}

pub fn limited(limits: Limits) -> Server<Kennel, Numbers> {
    Server::new(Kennel, Numbers::default(), limits)
}
