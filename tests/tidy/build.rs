//! Prepares what the tests cannot do themselves: reads the contract by the parser that everybody uses and writes down
//! which items have no doc comment and how the printed contract reads; makes the README's Rust a function.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use wit_component::WitPrinter;
use wit_parser::{Function, Resolve, Type, TypeDef, TypeDefKind, WorldItem};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../wit");
    println!("cargo::rerun-if-changed=../../README.md");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("readme.rs"), program(&fs::read_to_string("../../README.md")?))?;

    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir("../../wit")?;
    fs::write(out.join("undocumented"), undocumented(&resolve).join("\n"))?;

    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &[])?;
    let printed = printer.output.to_string();
    let mut again = Resolve::default();
    again.push_str(Path::new("printed.wit"), &printed)?;
    if again.interfaces.len() != resolve.interfaces.len() || again.worlds.len() != resolve.worlds.len() {
        return Err("the printed contract has not all of the interfaces and worlds".into());
    }
    Ok(fs::write(out.join("printed.wit"), printed)?)
}

/// What the `rust` blocks of a text do, one behind the other.
fn program(text: &str) -> String {
    let blocks = text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next());
    let body: String = blocks.collect();
    format!("pub(super) fn readme() -> Result<(), Box<dyn std::error::Error>> {{\n{body}Ok(())\n}}\n")
}

/// The names of all items without a doc comment.
fn undocumented(resolve: &Resolve) -> Vec<String> {
    let mut items = Vec::new();
    for (_, package) in &resolve.packages {
        items.push((package.name.to_string(), &package.docs));
    }
    for (_, interface) in &resolve.interfaces {
        let name = interface.name.clone().unwrap_or_default();
        items.push((name.clone(), &interface.docs));
        items.extend(interface.functions.values().map(|function| of_function(&name, function)));
        for of in interface.types.values().filter_map(|id| resolve.types.get(*id)) {
            of_type(resolve, &name, of, &mut items);
        }
    }
    for (_, world) in &resolve.worlds {
        items.push((world.name.clone(), &world.docs));
        for item in world.imports.values().chain(world.exports.values()) {
            if let WorldItem::Function(function) = item {
                items.push(of_function(&world.name, function));
            }
        }
    }
    items.into_iter().filter(|(_, docs)| docs.contents.is_none()).map(|(name, _)| name).collect()
}

type Item<'a> = (String, &'a wit_parser::Docs);

fn of_function<'a>(place: &str, function: &'a Function) -> Item<'a> {
    (format!("{place}.{}", function.name), &function.docs)
}

fn of_type<'a>(resolve: &'a Resolve, place: &str, of: &'a TypeDef, items: &mut Vec<Item<'a>>) {
    let name = format!("{place}.{}", of.name.as_deref().unwrap_or_default());
    let mut part = |part: &str, docs| items.push((format!("{name}.{part}"), docs));
    match &of.kind {
        // What `use` brings in is documented where it is from.
        TypeDefKind::Type(Type::Id(id)) if resolve.types.get(*id).is_some_and(|used| used.name == of.name) => return,
        TypeDefKind::Record(record) => record.fields.iter().for_each(|field| part(&field.name, &field.docs)),
        TypeDefKind::Variant(variant) => variant.cases.iter().for_each(|case| part(&case.name, &case.docs)),
        TypeDefKind::Enum(all) => all.cases.iter().for_each(|case| part(&case.name, &case.docs)),
        TypeDefKind::Flags(all) => all.flags.iter().for_each(|flag| part(&flag.name, &flag.docs)),
        _ => {}
    }
    items.push((name, &of.docs));
}
