//! The home page's pictures and samples: three hours of a session, the stops on its way, and what code looks like.

use leptos::prelude::*;

/// Marks of the picture's ruler: three hours in steps of five minutes; an hour is 150 wide and begins at 32.
const MINUTE_MARKS: &str = "M32 40V48M44.5 40V48M57 40V48M69.5 40V48M82 40V48M94.5 40V48M107 40V48M119.5 40V48M132 40V48\
    M144.5 40V48M157 40V48M169.5 40V48M182 40V48M194.5 40V48M207 40V48M219.5 40V48M232 40V48M244.5 40V48M257 40V48\
    M269.5 40V48M282 40V48M294.5 40V48M307 40V48M319.5 40V48M332 40V48M344.5 40V48M357 40V48M369.5 40V48M382 40V48\
    M394.5 40V48M407 40V48M419.5 40V48M432 40V48M444.5 40V48M457 40V48M469.5 40V48M482 40V48";

/// The product in a picture: one session, carried by one token after another, each taking over before the last ends.
#[component]
pub(super) fn Picture() -> impl IntoView {
    view! {
        <figure class="picture">
            <svg viewBox="0 0 520 330" width="520" height="330" role="img" aria-labelledby="picture-caption" focusable="false">
                <path class="picture-marks" d=MINUTE_MARKS />
                <path class="picture-hours" d="M32 32V48M182 32V48M332 32V48M482 32V48" />
                <text x="32" y="22">"0 h"</text>
                <text x="182" y="22">"1 h"</text>
                <text x="332" y="22">"2 h"</text>
                <text x="482" y="22">"3 h"</text>
                <path class="picture-now" d="M32 58V322M26 52H38L32 62Z" />
                <path class="picture-handover" d="M169.5 114V226M307 114V284" />
                <path class="picture-session" d="M32 78H484L518 96L484 114H32Z" />
                <path class="picture-token" d="M32 168H182" />
                <path class="picture-token" d="M169.5 226H319.5" />
                <path class="picture-token" d="M307 284H457" />
                <text class="on-session" x="48" y="103">
                    "your session"
                </text>
                <text class="on-token" x="48" y="175">
                    "token 1"
                </text>
                <text class="on-token" x="185.5" y="233">
                    "token 2"
                </text>
                <text class="on-token" x="323" y="291">
                    "token 3"
                </text>
            </svg>
            <figcaption id="picture-caption">
                "One session, three hours, three access tokens. Each takes over five minutes before the last one ends."
            </figcaption>
        </figure>
    }
    .into_any()
}

/// A stop: when, what, and what it means.
struct Stop {
    at: &'static str,
    title: &'static str,
    text: &'static str,
    /// The rail beside it: class, distance from the left, and from where to where it goes. `DOT` is the stop's height.
    rail: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

const SESSION_X: &str = "9";
const ODD_X: &str = "25";
const EVEN_X: &str = "37";
/// Of the text beside it. WebKit knows no `rem` in the attributes of SVG.
const DOT: &str = "0.8em";
const TOP: &str = "0";
/// A little over, so that no seam shows.
const END: &str = "101%";

const STOPS: [Stop; 6] = [
    Stop {
        at: "0:00",
        title: "You sign in",
        text: "At the sign-in service, on a page of its own. What it hands over rests in an encrypted cookie that only the server can open.",
        rail: &[("rail-session", SESSION_X, DOT, END), ("rail-token", ODD_X, DOT, END)],
    },
    Stop {
        at: "0:55",
        title: "The token is renewed",
        text: "Five minutes early, by whatever you click next, in the same answer. Nothing loads twice, nothing blinks.",
        rail: &[
            ("rail-session", SESSION_X, TOP, END),
            ("rail-token", ODD_X, TOP, END),
            ("rail-token", EVEN_X, DOT, END),
        ],
    },
    Stop {
        at: "1:00",
        title: "The first token ends",
        text: "Nobody notices. The second one carries on, and so it goes, hour after hour.",
        rail: &[
            ("rail-session", SESSION_X, TOP, END),
            ("rail-token", ODD_X, TOP, DOT),
            ("rail-token", EVEN_X, TOP, END),
        ],
    },
    Stop {
        at: "Some day",
        title: "The sign-in service is away",
        text: "You stay signed in. A notice says what has to wait, and goes by itself when the service is back.",
        rail: &[("rail-waiting", SESSION_X, TOP, END), ("rail-token", EVEN_X, TOP, DOT)],
    },
    Stop {
        at: "Any time",
        title: "You sign out",
        text: "The session ends here, and the sign-in service revokes its tokens. Nothing that is still under way brings it back.",
        rail: &[("rail-session", SESSION_X, TOP, END), ("rail-token", ODD_X, TOP, END)],
    },
    Stop {
        at: "30 days",
        title: "It ends by itself",
        text: "At a limit that you set, however busy the session was; and a week after you were last here.",
        rail: &[("rail-session", SESSION_X, TOP, DOT), ("rail-token", ODD_X, TOP, DOT)],
    },
];

/// What happens to a session, as stops on a line.
#[component]
pub(super) fn Stops() -> impl IntoView {
    let rail = |rail: &'static [(&'static str, &'static str, &'static str, &'static str)]| {
        rail.iter()
            .map(|(class, x, from, to)| view! { <line class=*class x1=*x x2=*x y1=*from y2=*to /> })
            .collect_view()
    };
    view! {
        <ol class="stops">
            {STOPS
                .iter()
                .map(|stop| {
                    view! {
                        <li>
                            <p class="stop-at">{stop.at}</p>
                            <svg class="rail" width="48" aria-hidden="true" focusable="false">
                                {rail(stop.rail)}
                                <circle class="rail-dot" cx=SESSION_X cy=DOT r="6" />
                            </svg>
                            <div class="stop-words">
                                <h3>{stop.title}</h3>
                                <p>{stop.text}</p>
                            </div>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
    .into_any()
}

const SAMPLES: [(&str, &str); 3] = [
    (
        "Any component knows who is there, from the first byte of the page.",
        "let session = use_session();\n\nview! {\n    <SignedIn>\"Hello, \" {move || name(session)}</SignedIn>\n    \
         <SignedOut><SignInLink>\"Sign in\"</SignInLink></SignedOut>\n}",
    ),
    (
        "A server function gets its user, and calls your API with a token that is still good.",
        "#[server(endpoint = \"orders\")]\nasync fn orders() -> Result<Vec<Order>, AuthError> {\n    let session = require_session().await?;\n    \
         let call = session.upstream(Method::GET, ORDERS).await?;\n    call.send().await?.json()\n}",
    ),
    (
        "One line says who may see a page. Forget it, and the app does not start.",
        "Access::new()\n    .public(\"/\")\n    .signed_in(\"/account\")\n    .group(\"/admin\", \"admin\")",
    ),
];

/// What it is like to build on this, in three samples.
#[component]
pub(super) fn Samples() -> impl IntoView {
    SAMPLES
        .map(|(claim, code)| {
            view! {
                <figure class="sample">
                    <figcaption>{claim}</figcaption>
                    // Code that is wider than the screen is scrolled, by keyboard too.
                    <pre tabindex="0"><code>{code}</code></pre>
                </figure>
            }
        })
        .collect_view()
}
