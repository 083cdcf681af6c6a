#[path = "../node_modules/@stoa/agent-kit/rust/stoa.rs"]
mod stoa;

fn count(input: &str) -> Option<String> {
    let text = stoa::read_string(stoa::member(input, "text")?)?;
    let words = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).count();
    stoa::log(&format!("counted {words} words"));
    Some(format!("{{\"words\":{words},\"characters\":{}}}", text.chars().count()))
}

#[no_mangle]
pub extern "C" fn run() -> i32 {
    match count(&stoa::read_input()) {
        Some(output) => {
            stoa::write_output(&output);
            0
        }
        None => 1,
    }
}
