//! An HTML form, as far as filling in a sign-in page goes. Used by `browser`.

/// Where a page's form goes, and the fields it sends that nobody fills in.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
}

impl Form {
    /// The first form of the page.
    pub(crate) fn of(page: &str) -> Option<Self> {
        let (start, rest) = page.split_once("<form")?.1.split_once('>')?;
        let inputs = rest.split("</form>").next()?.split("<input").skip(1);
        let inputs = inputs.filter_map(|input| input.split('>').next());
        let hidden = inputs.filter(|input| attribute(input, "type").is_some_and(|kind| kind == "hidden"));
        let hidden = hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
        Some(Self { action: attribute(start, "action").unwrap_or_default(), hidden: hidden.collect() })
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[test]
fn a_form_is_read() {
    let form = Form::of(
        r#"<p><form method="post" action="/login?a=1&amp;b=2"><input type="hidden" name="x" value="y"/>
        <input type="email" name="username" value="z"></form><input type="hidden" name="not" value="ours">"#,
    );
    let form = form.unwrap();
    assert_eq!(form.action, "/login?a=1&b=2");
    assert_eq!(form.hidden, [("x".to_owned(), "y".to_owned())]);
    assert!(Form::of("<p>none</p>").is_none());
}
