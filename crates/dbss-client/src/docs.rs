//! Documentation pages, one for each topic.
//!
//! The modules contain no code and exist in the documentation only.

pub mod configuration {
    #![doc = include_str!("../docs/configuration.md")]
}

pub mod credentials {
    #![doc = include_str!("../docs/credentials.md")]
}

pub mod moving {
    #![doc = include_str!("../docs/moving.md")]
}

pub mod errors {
    #![doc = include_str!("../docs/errors.md")]
}

pub mod retries {
    #![doc = include_str!("../docs/retries.md")]
}

pub mod waiting {
    #![doc = include_str!("../docs/waiting.md")]
}

pub mod logging {
    #![doc = include_str!("../docs/logging.md")]
}

pub mod testing {
    #![doc = include_str!("../docs/testing.md")]
}

pub mod tls {
    #![doc = include_str!("../docs/tls.md")]
}

pub mod stability {
    #![doc = include_str!("../docs/stability.md")]
}

pub mod security {
    #![doc = include_str!("../docs/security.md")]
}
