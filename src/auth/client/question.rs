//! Asks the server for the session.

use std::rc::Rc;

use leptos::task::spawn_local;

use super::{super::get_session, Asker, Message, clocks::now, page::Page, turn::take_turn, window};

/// Asks, and tells the other tabs the answer; `in_turn`: only if none of them is asking just now.
pub(super) fn put(page: &Rc<Page>, asker: Asker, in_turn: bool) {
    let page = page.clone();
    let question = page.upkeep.borrow_mut().ask(now(), asker);
    spawn_local(async move {
        let turn = if in_turn && question.waits_its_turn { take_turn().await } else { Ok(None) };
        let Ok(_turn) = turn else {
            page.upkeep.borrow_mut().passed_over(&question);
            return page.beat();
        };
        match get_session((asker == Asker::Page).then_some(true)).await {
            Ok(answer) => {
                if page.upkeep.borrow_mut().answered(&question) {
                    let age = now().since(question.asked_at).as_millis();
                    let is_of_a_person = asker == Asker::Person;
                    page.tell(&Message::told(answer.clone(), u64::try_from(age).unwrap_or(u64::MAX), is_of_a_person));
                    page.learn(answer);
                    // Looked at again, the tab of another person loads itself anew, unless that would lose something.
                    if asker == Asker::Person && page.is_someone_elses() && !window::has_typed_text() {
                        window::reload();
                    }
                }
            }
            // Without an answer the page keeps what it knows: being offline signs nobody out.
            Err(_) => page.upkeep.borrow_mut().failed(&question),
        }
        page.beat();
    });
}
