//! The "stoa" ABI for Rust: what docs/agents.md describes, as functions on strings, with what is needed of JSON.
#![allow(dead_code)]

mod host {
    #[link(wasm_import_module = "stoa")]
    extern "C" {
        pub fn input_length() -> i32;
        pub fn input_read(pointer: *mut u8);
        pub fn output_write(pointer: *const u8, length: i32);
        pub fn log_write(pointer: *const u8, length: i32);
        pub fn progress(permille: i32, pointer: *const u8, length: i32);
        pub fn call(method: *const u8, method_length: i32, json: *const u8, json_length: i32) -> i32;
        pub fn reply_read(pointer: *mut u8);
    }
}

fn read(length: usize, fill: unsafe extern "C" fn(*mut u8)) -> String {
    let mut bytes = vec![0; length];
    // The host writes exactly the length it named.
    unsafe { fill(bytes.as_mut_ptr()) };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The input: JSON text.
pub fn read_input() -> String {
    read(unsafe { host::input_length() } as usize, host::input_read)
}

/// Appends to the output, which must be JSON when `run` returns 0.
pub fn write_output(json: &str) {
    unsafe { host::output_write(json.as_ptr(), json.len() as i32) }
}

/// Writes a line to the execution's log.
pub fn log(text: &str) {
    unsafe { host::log_write(text.as_ptr(), text.len() as i32) }
}

/// Tells how far the work is, from 0 to 1.
pub fn progress(fraction: f64, text: &str) {
    unsafe { host::progress((fraction * 1000.0) as i32, text.as_ptr(), text.len() as i32) }
}

/// Calls a granted capability with JSON parameters; the error is why it was refused.
pub fn call(method: &str, json: &str) -> Result<String, String> {
    let length = unsafe { host::call(method.as_ptr(), method.len() as i32, json.as_ptr(), json.len() as i32) };
    let reply = read(length.unsigned_abs() as usize, host::reply_read);
    if length < 0 { Err(reply) } else { Ok(reply) }
}

/// Writes text as a JSON string, quotes included.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\0'..='\u{1f}' => quoted.push_str(&format!("\\u{:04x}", character as u32)),
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

/// Reads the JSON string that `json` begins with; none when it begins with something else.
pub fn read_string(json: &str) -> Option<String> {
    let mut characters = json.strip_prefix('"')?.chars();
    let mut units = Vec::new();
    let mut pair = [0; 2];
    loop {
        match characters.next()? {
            '"' => return Some(String::from_utf16_lossy(&units)),
            '\\' => units.push(match characters.next()? {
                'n' => 0x0a,
                't' => 0x09,
                'r' => 0x0d,
                'b' => 0x08,
                'f' => 0x0c,
                'u' => {
                    let mut unit = 0;
                    for _ in 0..4 {
                        unit = unit * 16 + characters.next()?.to_digit(16)? as u16;
                    }
                    unit
                }
                other => other as u16,
            }),
            character => units.extend_from_slice(character.encode_utf16(&mut pair)),
        }
    }
}

/// The raw JSON of a member of the object `json` is; the input was checked to be JSON before it came here.
pub fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = skip_space(json).strip_prefix('{')?;
    loop {
        rest = skip_space(rest);
        let key = read_string(rest)?;
        let value = skip_space(&rest[end_of_value(rest)..]);
        let end = end_of_value(value);
        if key == name {
            return Some(&value[..end]);
        }
        rest = &value[end..];
    }
}

/// White space, and the marks between keys and values.
fn skip_space(json: &str) -> &str {
    json.trim_start_matches([' ', '\t', '\r', '\n', ',', ':'])
}

/// Where the value that `json` begins with ends.
fn end_of_value(json: &str) -> usize {
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    for (at, byte) in json.bytes().enumerate() {
        if in_text {
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            if !in_text && depth == 0 {
                return at + 1;
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {}
        }
    }
    json.len()
}
