//! What a profile says besides a key, and what is found out about its file.

use std::path::{Path, PathBuf};

use dbss_client::{Client, ClientBuilder, Credentials, Error, ErrorKind, Note, ProfileFile};
use dbss_emulator::Emulator;
use dbss_tests::alone;

const SECRET: &str = "s3cret-of-a-profile";

/// A file that only its owner can read.
fn written(folder: &Path, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join("credentials");
    std::fs::write(&path, text).unwrap();
    set_mode(&path, 0o600);
    path
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn of_profile(path: &Path) -> ClientBuilder {
    Client::builder().credentials(Credentials::from_profile_at(path, "basic").unwrap())
}

#[tokio::test]
async fn takes_endpoints_region_and_project_of_a_profile() {
    let emulator = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (ak, sk, at) = (emulator.access_key(), emulator.secret_key(), emulator.endpoint());
    let call = async |client: &Client| {
        let call = client.start_audit_instance_new().instance_id(emulator.instance_id());
        call.accept_failed_outcome().await.map(drop)
    };
    // The project of the region is looked up.
    let path = written(
        folder.path(),
        format!("[basic]\nak={ak}\nsk={sk}\nregion=cn-north-4\nendpoint={at}\niam_endpoint={at}\n"),
    );
    let client = of_profile(&path).build().unwrap();
    assert_eq!(client.endpoint(), at);
    let error = call(&client).await;
    assert!(error.is_ok() || error.is_err_and(|error| error.kind() == ErrorKind::Api));
    assert!(emulator.requests().iter().any(|request| request.path.starts_with("/v3/projects")));

    let project = emulator.project_id();
    let path = written(
        folder.path(),
        format!(
            "[basic]\nak = \"{ak}\"\nsk = '{sk}'\nproject_id = '{project}'\nendpoint = \"{at}\"\n"
        ),
    );
    let before = emulator.requests().len();
    let _ = call(&of_profile(&path).build().unwrap()).await;
    let requests = emulator.requests().split_off(before);
    assert_eq!(requests.len(), 1);
    assert!(requests[0].path.contains(project), "{}", requests[0].path);
}

#[test]
fn prefers_settings_of_the_builder_to_those_of_a_profile() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(
        folder.path(),
        "[basic]\nak = AK\nsk = SK\nregion = cn-north-4\nproject_id = p1\nendpoint = dbss.example.com",
    );
    let client = of_profile(&path).build().unwrap();
    assert_eq!(client.endpoint(), "https://dbss.example.com");
    // An endpoint counts more than a region, wherever either was set: that of a test
    // service is not left for the real one.
    let client = of_profile(&path).region("cn-east-3").build().unwrap();
    assert_eq!(client.endpoint(), "https://dbss.example.com");
    let client = of_profile(&path).endpoint("https://dbss.example.org").build().unwrap();
    assert_eq!(client.endpoint(), "https://dbss.example.org");
    let path = written(folder.path(), "[basic]\nak = AK\nsk = SK\nregion = cn-north-4\n");
    let client = of_profile(&path).build().unwrap();
    assert_eq!(client.endpoint(), "https://dbss.cn-north-4.myhuaweicloud.com");
    let client = of_profile(&path).region("cn-east-3").build().unwrap();
    assert_eq!(client.endpoint(), "https://dbss.cn-east-3.myhuaweicloud.com");
}

#[test]
fn rejects_addresses_and_regions_of_a_profile_by_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    for (key, value) in [
        ("endpoint", "http://dbss.example.com"),
        ("endpoint", "https://user:s3cret-of-a-profile@dbss.example.com"),
        ("iam_endpoint", "ftp://iam.example.com"),
        ("region", "cn-nowhere-1"),
    ] {
        let other = if key == "iam_endpoint" { "region = cn-north-4\n" } else { "" };
        let text = format!("[basic]\nak = AK\nsk = {SECRET}\n{other}{key} = {value}\n");
        let path = written(folder.path(), text);
        let error = of_profile(&path).build().unwrap_err();
        let fields: Vec<_> = error.problems().iter().map(dbss_client::Problem::field).collect();
        assert_eq!(fields, [format!("profile.{key}")], "{error}");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    }
}

fn reason(path: &Path) -> String {
    let errors: [Error; 2] = [
        Credentials::from_profile_at(path, "basic").unwrap_err(),
        ProfileFile::read_at(path).unwrap_err(),
    ];
    let [one, other] = errors.map(|error| {
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
        error.to_string()
    });
    assert_eq!(one, other);
    one
}

#[test]
fn says_why_a_profile_file_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    assert!(reason(folder.path()).contains("it is a directory"));
    let text = format!("[basic]\nak = AK\nsk = {SECRET}\n");
    let units =
        |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let (little, big) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
    for bytes in
        [[&[0xff, 0xfe][..], &little].concat(), [&[0xfe, 0xff][..], &big].concat(), little, big]
    {
        let said = reason(&written(folder.path(), bytes));
        assert!(said.contains("UTF-16") && said.contains("save it as UTF-8"), "{said}");
    }
    let said = reason(&written(folder.path(), [text.as_bytes(), b"\xff"].concat()));
    assert!(said.contains("it is not UTF-8"), "{said}");
    // A mark of the order of bytes is no reason.
    let marked = written(folder.path(), format!("\u{feff}{text}"));
    assert!(Credentials::from_profile_at(marked, "basic").is_ok());
}

#[test]
fn takes_quotes_off_values() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[basic]\nak = \"AK1\"\nsk = 'a\"b'\nproject_id = \"\"\nregion = 'cn-north-4\"\n[x]\nak=\"A\"\n";
    let file = ProfileFile::read_at(written(folder.path(), text)).unwrap();
    let [basic, other] = file.profiles() else { panic!("{file:?}") };
    assert_eq!(basic.access_key(), Some("AK1"));
    assert_eq!(basic.project_id(), None);
    // These do not belong together.
    assert_eq!(basic.region(), Some("'cn-north-4\""));
    assert_eq!(other.access_key(), Some("A"));
}

#[test]
fn lists_profiles_without_their_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(
        folder.path(),
        format!(
            "# mine\n[basic]\nak = AK1\nsk = {SECRET}\nsecurity_token = {SECRET}\nregion = cn-north-4\n\
             project_id = p1\nendpoint = dbss.example.com\niam_endpoint = iam.example.com\n\
             [half]\nak = AK2\n[twice]\nak = AK3\nAK = {SECRET}\n[empty]\n"
        ),
    );
    let file = ProfileFile::read_at(&path).unwrap();
    assert_eq!(file.path(), path);
    let [basic, half, twice, empty] = file.profiles() else { panic!("{file:?}") };
    assert_eq!((basic.name(), basic.line(), basic.problem()), ("basic", 2, None));
    assert_eq!((basic.access_key(), basic.has_security_token()), (Some("AK1"), true));
    assert_eq!((basic.region(), basic.project_id()), (Some("cn-north-4"), Some("p1")));
    assert_eq!(basic.endpoint(), Some("dbss.example.com"));
    assert_eq!(basic.iam_endpoint(), Some("iam.example.com"));
    assert_eq!((half.name(), half.access_key()), ("half", Some("AK2")));
    assert!(half.problem().unwrap().contains("has no `sk`"), "{half:?}");
    assert!(twice.problem().unwrap().contains("in line 13"), "{twice:?}");
    assert!(empty.problem().unwrap().contains("has no `ak` and no `sk`"), "{empty:?}");
    assert!(!format!("{file:?}").contains(SECRET), "{file:?}");
    // The profile that is used is not hindered by another one.
    assert!(Credentials::from_profile_at(&path, "basic").is_ok());
}

#[cfg(unix)]
#[test]
fn notes_that_others_can_read_a_profile() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "[basic]\nak = AK\nsk = SK\nregion = cn-north-4\n");
    for (mode, noted) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        set_mode(&path, mode);
        assert_eq!(ProfileFile::read_at(&path).unwrap().is_readable_by_others(), noted, "{mode:o}");
        let notes = of_profile(&path).build().unwrap().notes().to_vec();
        let expected = Note::ProfileReadableByOthers { path: path.clone() };
        assert_eq!(notes, if noted { vec![expected] } else { vec![] }, "{mode:o}");
    }
}

#[test]
fn notes_which_of_several_addresses_is_used() {
    let variable = "HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4";
    let test = "profiles::notes_which_of_several_addresses_is_used";
    if alone::is_child() {
        let built =
            Client::builder().region("cn-north-4").credentials(Credentials::token("t")).build();
        match built {
            Ok(client) => println!("{} {:?}", client.endpoint(), client.notes()),
            Err(error) => println!("{error}"),
        }
        return;
    }
    let printed = |value: &str| alone::printed(test, &[], &[(variable, value)]);
    let said = printed("dbss.one.example, https://dbss.two.example,dbss.three.example");
    for part in ["https://dbss.one.example", "FirstOfSeveralAddresses", variable, "ignored: 2"] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    assert!(printed("https://dbss.one.example").contains("[]"));
    assert!(printed("https://dbss.one.example, ").contains("[]"));
    // A refused address has the name of its variable.
    let said = printed("https://user:s3cret@dbss.one.example");
    assert!(said.contains(&format!("`{variable}` contains a user name")), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}
