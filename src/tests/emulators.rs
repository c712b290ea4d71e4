//! The flows that other emulators of Cognito can carry, from the same bodies: what passes here does not rest on an oddity of
//! Local Cognito's. One test for each flow and emulator. What is missing here, and why, is in
//! docs/local-cognito-emulators.md.

use crate::pool::Emulator;

/// One test for each flow, with its pool at the emulator.
macro_rules! run_on {
    ($emulator:expr; $($file:ident: $($flow:ident)+;)+) => {
        $($(
            #[test]
            fn $flow() {
                $emulator.run(crate::$file::$flow);
            }
        )+)+
    };
}

/// What both can.
macro_rules! run_flows_on {
    ($emulator:expr) => {
        run_on! {
            $emulator;
            access:
                b43_without_a_session_pages_redirect_with_an_empty_body_and_calls_get_a_typed_error
                b43_the_admin_page_is_for_the_group
                b28_b29_no_token_is_in_a_page_or_an_answer_and_no_cache_may_keep_either;
            callback:
                b04_a_wrong_missing_or_foreign_state_is_refused_before_any_token_request
                b04_a_state_is_used_once_even_if_its_cookie_was_copied
                b04_a_sign_in_older_than_ten_minutes_is_refused
                b08_errors_of_cognito_show_a_page_with_a_retry_and_reflect_nothing
                b09_another_issuers_answer_is_refused
                a_wrong_code_is_refused;
            cookies:
                b22_tampered_truncated_and_foreign_cookies_are_no_session
                b20_b21_a_typical_session_is_one_cookie_with_the_right_attributes;
            refresh:
                b36_a_visit_every_hour_for_a_day_stays_signed_in_with_one_refresh_an_hour
                b32_reading_never_writes_and_a_refresh_writes_into_the_same_answer
                b29_static_files_never_open_a_cookie
                b30_twenty_requests_at_once_make_one_refresh_and_all_are_signed_in
                b30_a_stale_cookie_gets_the_winners_session_for_a_minute
                b31_two_users_refreshing_at_once_never_cross
                b26_b27_limits_are_enforced_on_the_server_and_a_refresh_does_not_move_the_absolute_one
                a_prefetch_refreshes_nothing_starts_no_sign_in_and_sees_nothing_once_the_token_has_expired
                b26_an_open_page_renews_its_token_but_is_no_person;
            portable:
                b34_b36_a_revoked_token_ends_the_session_at_its_refresh
                b38_sign_out_ends_the_session_and_leaves_for_the_hosted_uis_logout;
            sign_in:
                b01_b02_b03_b11_the_authorization_request_has_code_s256_state_nonce_and_scopes
                b07_the_page_asked_for_is_where_one_lands_with_its_query
                a_public_client_signs_in_and_refreshes_without_a_secret
                a_wrong_password_costs_nothing_but_another_try
                b25_a_session_planted_before_the_sign_in_is_not_kept;
            sign_out:
                b41_a_cookie_copied_before_sign_out_is_refused_after_it
                b38_b42_only_a_post_from_this_site_signs_out;
            streaming:
                b32_the_cookie_comes_with_every_kind_of_answer;
        }
    };
}

mod cognito_local {
    use super::*;

    run_flows_on!(Emulator::CognitoLocal);
    run_on! {
        Emulator::CognitoLocal;
        portable:
            b34_a_deleted_users_session_ends_at_its_refresh
            b41_signing_out_at_one_server_ends_a_copy_at_another_when_it_is_renewed
            a_renewed_token_is_taken_to_live_as_long_as_it_does
            the_token_endpoint_renews_as_well;
    }
}

mod moto {
    use super::*;

    run_flows_on!(Emulator::Moto);
}
