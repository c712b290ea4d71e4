//! Asks the server for the session. Called by `run`.

use super::{
    super::{get_session, timing::Question},
    Asker, Message,
    clocks::now,
    page::Page,
    turn::take_turn,
    window,
};

/// Asks, tells the other tabs the answer, and takes it over; `in_turn`: only if none of them is asking just now. Whether the
/// page has learnt anything.
pub(super) async fn put(page: &Page, question: Question, asker: Asker, in_turn: bool) -> bool {
    let turn = if in_turn && question.waits_its_turn { take_turn().await } else { Ok(None) };
    let Ok(_turn) = turn else {
        page.upkeep.borrow_mut().passed_over(&question);
        return false;
    };
    let Ok(answer) = get_session((asker == Asker::Page).then_some(true)).await else {
        // Without an answer the page keeps what it knows: being offline signs nobody out.
        page.upkeep.borrow_mut().failed(&question);
        return false;
    };
    if !page.upkeep.borrow_mut().answered(&question) {
        return false;
    }
    let age = now().since(question.asked_at).as_millis();
    let is_of_a_person = asker == Asker::Person;
    page.tell(&Message::told(answer.clone(), u64::try_from(age).unwrap_or(u64::MAX), is_of_a_person));
    page.learn(answer);
    // Looked at again, the tab of another person loads itself anew, unless that would lose something.
    if asker == Asker::Person && page.is_someone_elses() && !window::has_typed_text() {
        window::reload();
    }
    true
}
