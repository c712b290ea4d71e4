//! French.

use super::{Problems, Rules, Texts};

pub(super) const TEXTS: Texts = Texts {
    lang: "fr",
    language: "Français",
    languages: "Langue",
    stand_in: "Ceci est Local Cognito, un remplaçant local d’Amazon Cognito. Vos identifiants ne quittent pas cette machine.",
    console: "console",
    open_console: "Ouvrir la console",
    new_tab: "s’ouvre dans un nouvel onglet",
    continue_to: "pour continuer vers ",
    demo_users: "Comptes de démonstration",

    email: "E-mail",
    name: "Nom",
    optional: "facultatif",
    password: "Mot de passe",
    new_password: "Nouveau mot de passe",
    repeat_password: "Répétez le nouveau mot de passe",
    code: "Code",

    sign_in: "Se connecter",
    forgot_password: "Mot de passe oublié ?",
    need_account: "Pas encore de compte ?",
    password_changed: "Votre mot de passe a été changé. Vous pouvez maintenant vous connecter.",

    sign_up: "S’inscrire",
    sign_up_title: "Créer un compte",
    have_account: "Vous avez déjà un compte ?",

    confirm_title: "Confirmer le compte",
    confirm: "Confirmer le compte",
    code_for: "Saisissez le code pour confirmer votre compte. Il a été créé pour ",
    code_resent: "Un nouveau code a été créé. Le précédent n’est plus valable.",
    codes_are_shown: "Rien n’est envoyé par e-mail ici. Tous les codes sont dans la ",
    resend: "Envoyer un autre code",

    reset_intro: "Saisissez votre e-mail : un code pour réinitialiser le mot de passe sera créé.",
    reset: "Réinitialiser mon mot de passe",
    reset_title: "Réinitialiser le mot de passe",
    reset_code_for: "Saisissez le code et un nouveau mot de passe. Si le compte existe, un code a été créé pour ",
    change_password: "Changer le mot de passe",
    back_to_sign_in: "Retour à la connexion",

    new_password_title: "Changer le mot de passe",
    new_password_intro: "Votre mot de passe a été défini par un administrateur. Choisissez-en un nouveau.",

    rules_title: "Votre mot de passe doit contenir :",
    rules: Rules {
        length: "au moins 8 caractères",
        lowercase: "une lettre minuscule",
        uppercase: "une lettre majuscule",
        digit: "un chiffre",
        symbol: "un caractère spécial ou une espace",
        too_long: "256 caractères au plus",
    },
    problems: Problems {
        stale_form: "Cette page n’est plus à jour. Veuillez réessayer.",
        wrong_password: "Nom d’utilisateur ou mot de passe incorrect.",
        disabled: "L’utilisateur est désactivé.",
        reset_impossible: "Votre mot de passe doit être réinitialisé, mais aucun e-mail n’est vérifié. Adressez-vous à un administrateur.",
        user_exists: "Un compte existe déjà avec cet e-mail.",
        bad_email: "Veuillez saisir une adresse e-mail.",
        long_name: "Veuillez saisir un nom de 2048 caractères au plus.",
        passwords_differ: "Les mots de passe ne correspondent pas.",
        wrong_code: "Le code est incorrect. Veuillez réessayer.",
        code_expired: "Le code n’est pas valable. Demandez-en un autre.",
        too_many_attempts: "Trop de tentatives. Veuillez réessayer plus tard.",
        internal: "Une erreur s’est produite. Veuillez réessayer.",
    },
};
