//! `/_console/clients`: the app clients, what an app needs to know to be one, and their rotation.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::rotation::MAX_GRACE_SECS;
use super::super::torment::{SET_ROTATION, describe_span};
use super::super::view::ClientView;
use super::layout::{self, After, Page};
use super::notices::Reply;
use super::parts::{order_form, place_of};
use super::{Console, Shared};

const SECTION: &str = "/_console/clients";

/// The list.
pub(super) async fn list(State(console): Shared, Query(after): Query<After>) -> Response {
    let (clients, reply) = (console.service.view_clients(), console.reply(&after));
    let content = html! {
        @for client in &clients { (describe(&console, &reply, client)) }
    };
    layout::show(&console, &reply, &Page { title: "Clients".to_owned(), section: SECTION, content })
}

fn describe(console: &Console, reply: &Reply, client: &ClientView) -> Markup {
    let issuer = console.service.find_pool(&client.pool).map(|pool| pool.issuer()).unwrap_or_default();
    html! {
        section.card id={ "client-" (client.id) } {
            h2 { (client.name) }
            dl.facts {
                div { dt { "Client id" } dd { code { (client.id) } } }
                div { dt { "Issuer" } dd { code { (issuer) } } }
                div { dt { "Kind" } dd { @if client.confidential { "confidential" } @else { "public, without a secret" } } }
                @for app in client.app_origins() { div { dt { "App" } dd { a href=(app) { (app) } } } }
                div { dt { "Callback URLs" } dd { (lines(&client.callback_urls)) } }
                div { dt { "Sign-out URLs" } dd { (lines(&client.logout_urls)) } }
                div { dt { "Scopes" } dd { (client.scopes.join(" ")) } }
                div { dt { "Access token" } dd { (describe_span(client.access_token_secs)) } }
                div { dt { "ID token" } dd { (describe_span(client.id_token_secs)) } }
                div { dt { "Refresh token" } dd { (describe_span(client.refresh_token_secs)) } }
                div { dt { "Rotation" } dd { @match client.rotation_grace_secs {
                    Some(secs) => { "on, grace " (secs) " s" }
                    None => "off",
                } } }
            }
            @if client.confidential {
                form method="post" action={ "/_console/clients/" (client.id) "/secret" } data-plain {
                    button type="submit" { "Show the secret of " (client.name) }
                }
            }
            h3 { "Rotation" }
            (rotation(reply, SECTION, Some(&client.id)))
        }
    }
}

fn lines(urls: &[String]) -> Markup {
    html! { @for url in urls { code.line { (url) } } }
}

/// Of one client, or of all.
pub(super) fn rotation(reply: &Reply, back: &str, client_id: Option<&str>) -> Markup {
    let fixed: Vec<(&str, &str)> = client_id.map(|id| ("client_id", id)).into_iter().collect();
    let place = place_of(&SET_ROTATION, &fixed);
    let (advice, input) = (format!("advice-{place}"), format!("grace-{place}"));
    let secs = Some(reply.value(&place, "grace_secs", "")).filter(|secs| !secs.is_empty()).unwrap_or("10");
    html! {
        div.order {
            (order_form(&place, &SET_ROTATION, back, &fixed, &html! {
                div.inputs {
                    div { label for=(input) { "Grace in seconds" } input id=(input) type="number" name="grace_secs" min="0"
                        max=(MAX_GRACE_SECS) value=(secs) required; }
                }
                button type="submit" aria-describedby=(advice) { "Turn rotation on" }
            }))
            (order_form(&place, &SET_ROTATION, back, &fixed, &html! {
                button type="submit" name="grace_secs" value="" aria-describedby=(advice) { "Turn rotation off" }
            }))
            (reply.at(&place))
            p.advice id=(advice) { (SET_ROTATION.advice) }
        }
    }
}

/// The secret, on demand: an app cannot be set up without it. In this one answer and in no other page, so that it is not
/// in what a browser keeps of the pages, nor in what they fetch again by themselves.
pub(super) async fn reveal(State(console): Shared, Path(id): Path<String>) -> Response {
    let client = console.service.find_client(&id).map(|(_, client)| client);
    let Some((client, secret)) = client.and_then(|client| client.secret.clone().map(|secret| (client, secret))) else {
        return layout::not_found(&console, "There is no such client, or it has no secret.");
    };
    let content = html! {
        dl.facts {
            div { dt { "Client id" } dd { code { (client.id) } } }
            div { dt { "Client secret" } dd { code { (secret.reveal()) } } }
        }
        p { a href=(SECTION) { "Back to the clients" } }
    };
    layout::show_once(
        &console,
        &Page { title: format!("Secret of {}", client.settings.name), section: SECTION, content },
    )
}
