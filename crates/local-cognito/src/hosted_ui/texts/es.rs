//! Spanish.

use super::{Problems, Rules, Texts};

pub(super) const TEXTS: Texts = Texts {
    lang: "es",
    language: "Español",
    languages: "Idioma",
    stand_in: "Esto es Local Cognito, un sustituto local de Amazon Cognito. Sus credenciales no salen de esta máquina.",
    console: "consola",
    open_console: "Abrir la consola",
    new_tab: "se abre en otra pestaña",
    continue_to: "para continuar a ",
    demo_users: "Usuarios de prueba",

    email: "Correo electrónico",
    name: "Nombre",
    optional: "opcional",
    password: "Contraseña",
    new_password: "Contraseña nueva",
    repeat_password: "Repita la contraseña nueva",
    code: "Código",

    sign_in: "Iniciar sesión",
    forgot_password: "¿Olvidó su contraseña?",
    need_account: "¿No tiene una cuenta?",
    password_changed: "Su contraseña se ha cambiado. Ya puede iniciar sesión con ella.",

    sign_up: "Registrarse",
    sign_up_title: "Crear una cuenta",
    have_account: "¿Ya tiene una cuenta?",

    confirm_title: "Confirmar la cuenta",
    confirm: "Confirmar la cuenta",
    code_for: "Introduzca el código para confirmar su cuenta. Se ha creado para ",
    code_resent: "Se ha creado un código nuevo. El anterior ya no es válido.",
    codes_are_shown: "Aquí no se envía nada por correo. Todos los códigos están en la ",
    resend: "Enviar otro código",

    reset_intro: "Introduzca su correo electrónico y se creará un código para restablecer la contraseña.",
    reset: "Restablecer mi contraseña",
    reset_title: "Restablecer la contraseña",
    reset_code_for: "Introduzca el código y una contraseña nueva. Si la cuenta existe, se ha creado un código para ",
    change_password: "Cambiar la contraseña",
    back_to_sign_in: "Volver al inicio de sesión",

    new_password_title: "Cambiar la contraseña",
    new_password_intro: "Un administrador estableció su contraseña. Introduzca una propia.",

    rules_title: "Su contraseña debe contener:",
    rules: Rules {
        length: "al menos 8 caracteres",
        lowercase: "una letra minúscula",
        uppercase: "una letra mayúscula",
        digit: "un número",
        symbol: "un carácter especial o un espacio",
        too_long: "256 caracteres como máximo",
    },
    problems: Problems {
        stale_form: "Esta página ha caducado. Inténtelo de nuevo.",
        wrong_password: "El nombre de usuario o la contraseña no son correctos.",
        disabled: "El usuario está desactivado.",
        reset_impossible: "Debe restablecer su contraseña, pero no hay ningún correo electrónico verificado. Consulte a un administrador.",
        user_exists: "Ya existe una cuenta con este correo electrónico.",
        bad_email: "Introduzca una dirección de correo electrónico.",
        long_name: "Introduzca un nombre de 2048 caracteres como máximo.",
        passwords_differ: "Las contraseñas no coinciden.",
        wrong_code: "El código no es correcto. Inténtelo de nuevo.",
        code_expired: "El código no es válido. Solicite otro.",
        too_many_attempts: "Ha superado el límite de intentos. Inténtelo más tarde.",
        internal: "Algo ha fallado. Inténtelo de nuevo.",
    },
};
