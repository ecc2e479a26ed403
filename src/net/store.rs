//! A place objects are published to: a prefix of an S3 bucket, or a folder.
//!
//! An object is there whole or not at all. What is there counts only if its bytes do: they are read back and compared,
//! for an `ETag` is no digest where an object is encrypted or came in parts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use object_store::aws::AmazonS3ConfigKey;
use object_store::aws::{AmazonS3Builder, Checksum, resolve_bucket_region};
use object_store::client::{HttpClient, HttpConnector};
use object_store::local::LocalFileSystem;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig,
};
use reqwest::Url;
use reqwest::redirect::Policy;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

use super::credentials;

/// A place.
pub struct Store {
    runtime: Runtime,
    objects: Arc<dyn ObjectStore>,
    /// What every object's name begins with.
    prefix: String,
    /// The place as it was named, without a slash at the end.
    place: String,
    /// `https://…` by which CloudFormation reads from it; `None` for a folder.
    https: Option<String>,
}

/// What is at a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    Nothing,
    /// Exactly these bytes.
    Same,
    /// Something else.
    Other,
}

impl Store {
    /// Opens `s3://BUCKET/PREFIX` or `file:///FOLDER`; `endpoint` is where another S3 than Amazon's is, and `timeout`
    /// how long one request may take.
    pub fn open(place: &str, endpoint: Option<&str>, timeout: Duration) -> anyhow::Result<Self> {
        let runtime = super::runtime()?;
        let place = place.trim_end_matches('/').to_owned();
        if let Some(path) = place.strip_prefix("file://") {
            let path = Path::new(path);
            if !path.is_absolute() {
                bail!("`{place}` must be file:///FOLDER, with an absolute path");
            }
            let objects = folder(path)?;
            return Ok(Self { runtime, objects, prefix: String::new(), place, https: None });
        }
        let Some(rest) = place.strip_prefix("s3://") else {
            bail!("`{place}` must be one of: s3://BUCKET/PREFIX, file:///FOLDER");
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_bucket(bucket) {
            bail!(
                "`{}` is no name of a bucket: 3 to 63 lower-case letters, digits, `.` and `-`",
                bucket.escape_debug()
            );
        }
        if let Some(endpoint) = endpoint {
            check_endpoint(endpoint)?;
        }
        let (objects, region) = runtime.block_on(bucket_of(bucket, endpoint, timeout))?;
        let host = match endpoint {
            Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
            None if region.starts_with("cn-") => {
                format!("https://{bucket}.s3.{region}.amazonaws.com.cn")
            }
            None => format!("https://{bucket}.s3.{region}.amazonaws.com"),
        };
        let slash = if prefix.is_empty() { "" } else { "/" };
        let prefix = format!("{prefix}{slash}");
        let https = Some(format!("{host}/{prefix}"));
        Ok(Self { runtime, objects, prefix, place, https })
    }

    /// Returns the URL of an object as machines read it.
    pub fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }

    /// Returns the https URL of an object; `None` in a folder.
    pub fn https(&self, name: &str) -> Option<String> {
        self.https.as_ref().map(|start| format!("{start}{name}"))
    }

    /// Looks at what is at a name, and compares its bytes.
    pub fn look(&self, name: &str, bytes: &[u8]) -> anyhow::Result<There> {
        self.runtime.block_on(async {
            let path = self.path(name)?;
            let found = match self.objects.get(&path).await {
                Err(object_store::Error::NotFound { source, .. })
                    if !is_no_bucket(&source.to_string()) =>
                {
                    return Ok(There::Nothing);
                }
                other => other.map_err(|error| self.explain("read", name, error))?,
            };
            // what is longer or shorter need not be read
            if found.meta.size != bytes.len() as u64 {
                return Ok(There::Other);
            }
            let there = found.bytes().await.map_err(|error| self.explain("read", name, error))?;
            let same = Sha256::digest(&there) == Sha256::digest(bytes);
            Ok(if same { There::Same } else { There::Other })
        })
    }

    /// Puts an object, which replaces what is there.
    pub fn put(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        self.runtime.block_on(async {
            let path = self.path(name)?;
            let put = self.objects.put(&path, PutPayload::from(bytes.to_vec())).await;
            put.map(drop).map_err(|error| self.explain("write", name, error))
        })
    }

    fn path(&self, name: &str) -> anyhow::Result<object_store::path::Path> {
        object_store::path::Path::parse(format!("{}{name}", self.prefix))
            .with_context(|| format!("`{name}` cannot be the name of an object"))
    }

    /// Says what failed in the words of the one who is to mend it.
    fn explain(&self, what: &str, name: &str, error: object_store::Error) -> anyhow::Error {
        let url = self.url(name);
        let bucket = self.place.strip_prefix("s3://").unwrap_or(&self.place);
        let bucket = bucket.split('/').next().unwrap_or(bucket);
        let said = chain(&error);
        let code = said.split_once("<Code>").and_then(|(_, rest)| rest.split("</Code>").next());
        if is_no_bucket(&said) {
            return anyhow!(
                "there is no bucket `{bucket}`: make it, in the region of the stack, \
                 and let nobody else read it"
            );
        }
        if said.contains("169.254.169.254")
            || said.contains("InstanceCredential")
            || said.contains("/latest/api/token")
        {
            return anyhow!(
                "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE ({said})"
            );
        }
        let wrong_region = [
            "PermanentRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ];
        if code.is_some_and(|code| wrong_region.contains(&code))
            || said.contains("incorrectly configured region")
        {
            return anyhow!("bucket `{bucket}` is in another region: set AWS_REGION to its region");
        }
        match (error, code) {
            (
                object_store::Error::PermissionDenied { .. }
                | object_store::Error::Unauthenticated { .. },
                code,
            ) => anyhow!(
                "may not {what} `{url}` ({}): the credentials need s3:GetObject and s3:PutObject on the prefix \
                 and s3:ListBucket on the bucket",
                code.unwrap_or("access denied")
            ),
            (_, Some(code)) => anyhow!("cannot {what} `{url}`: {code}"),
            (_, None) => anyhow!("cannot {what} `{url}`: {said}"),
        }
    }
}

fn is_no_bucket(said: &str) -> bool {
    said.contains("NoSuchBucket")
}

#[expect(clippy::disallowed_methods, reason = "this is the room that opens object stores")]
fn folder(path: &Path) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let store = LocalFileSystem::new_with_prefix(path).map_err(|error| {
        anyhow!("cannot open folder `{}`: {}; make it first", path.display(), chain(&error))
    })?;
    Ok(Arc::new(store.with_fsync(true)))
}

/// Opens a bucket in its own region, with the credentials of the environment, of a profile, or of the instance.
#[expect(clippy::disallowed_methods, reason = "this is the room that opens object stores")]
async fn bucket_of(
    bucket: &str,
    endpoint: Option<&str>,
    timeout: Duration,
) -> anyhow::Result<(Arc<dyn ObjectStore>, String)> {
    let options = ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(5).min(timeout))
        .with_timeout(timeout)
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")));
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: super::FIRST_WAIT,
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: super::TRIES as usize - 1,
        // a server that is silent is not asked again and again
        retry_timeout: timeout,
    };
    let profile = credentials::profile()?;
    let mut builder = AmazonS3Builder::from_env()
        .with_http_connector(Straight { timeout })
        .with_bucket_name(bucket)
        .with_client_options(options.clone())
        .with_retry(retry)
        .with_checksum_algorithm(Checksum::SHA256);
    if let (None, Some(own)) = (endpoint, builder.get_config_value(&AmazonS3ConfigKey::Endpoint)) {
        check_endpoint(&own).context("AWS_ENDPOINT_URL cannot be used")?;
    }
    if let (Some(key), Some(secret)) = (profile.key_id, profile.secret) {
        builder = builder.with_access_key_id(key).with_secret_access_key(secret);
        if let Some(token) = profile.token {
            builder = builder.with_token(token);
        }
    }
    let region = match endpoint {
        Some(endpoint) => {
            builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
            let known = builder.get_config_value(&object_store::aws::AmazonS3ConfigKey::Region);
            known.or(profile.region).unwrap_or_else(|| "us-east-1".to_owned())
        }
        // a bucket has one region, whatever the environment says
        None => resolve_bucket_region(bucket, &options).await.map_err(|error| {
            let said = chain(&error);
            if said.contains("not found") {
                anyhow!(
                    "there is no bucket `{bucket}`: make it, in the region of the stack, \
                     and let nobody else read it"
                )
            } else {
                anyhow!("cannot ask for the region of bucket `{bucket}`: {said}")
            }
        })?,
    };
    let builder = builder.with_region(&region);
    check_headers(&builder)?;
    let store = builder
        .build()
        .map_err(|error| anyhow!("cannot open bucket `{bucket}`: {}", chain(&error)))?;
    Ok((Arc::new(store), region))
}

/// Connects where it is told to and nowhere else: a redirect would carry the session token along to whoever it names.
#[derive(Debug)]
struct Straight {
    timeout: Duration,
}

impl HttpConnector for Straight {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        #[expect(clippy::disallowed_methods, reason = "this is the room that opens connections")]
        let client = reqwest::Client::builder()
            .user_agent(concat!("cfgbuild/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(5).min(self.timeout))
            .timeout(self.timeout)
            .redirect(Policy::none())
            .build();
        let client = client.map_err(|error| object_store::Error::Generic {
            store: "S3",
            source: Box::new(error),
        })?;
        Ok(HttpClient::new(client))
    }
}

/// Returns whether a text can be the name of a bucket; old ones may have capitals and `_`.
fn is_bucket(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (3..=255).contains(&name.len()) && name.chars().all(fits)
}

/// Refuses an endpoint that no request can be sent to.
fn check_endpoint(endpoint: &str) -> anyhow::Result<()> {
    let url: Option<Url> = endpoint.parse().ok();
    let fits = url.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if !fits || endpoint.contains(|c: char| c.is_whitespace() || c.is_control()) {
        bail!("the endpoint must be an http or https URL, as `https://s3.example.net`");
    }
    Ok(())
}

/// Refuses credentials that fit into no header of a request, by name and not by value.
fn check_headers(builder: &AmazonS3Builder) -> anyhow::Result<()> {
    for (key, name) in [
        (AmazonS3ConfigKey::AccessKeyId, "AWS_ACCESS_KEY_ID"),
        (AmazonS3ConfigKey::SecretAccessKey, "AWS_SECRET_ACCESS_KEY"),
        (AmazonS3ConfigKey::Token, "AWS_SESSION_TOKEN"),
        (AmazonS3ConfigKey::Region, "AWS_REGION"),
    ] {
        let value = builder.get_config_value(&key).unwrap_or_default();
        if let Some(odd) = value.chars().find(|c| !c.is_ascii_graphic()) {
            bail!(
                "{name}, or the AWS profile in its place, has a `{}` in it: was it copied with the end of its line?",
                odd.escape_debug()
            );
        }
    }
    Ok(())
}

/// Returns an error with its causes, each said once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = inner.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_request_can_carry_is_refused_by_name() {
        for (bucket, fits) in [
            ("my-bucket.1", true),
            ("Old_Bucket", true),
            ("b c", false),
            ("b\nc", false),
            ("", false),
            ("ab", false),
            ("bücket", false),
            ("a@b.c", false),
        ] {
            assert_eq!(is_bucket(bucket), fits, "{bucket:?}");
        }
        for (endpoint, fits) in [
            ("http://127.0.0.1:9000", true),
            ("https://s3.example.net/", true),
            ("not a url", false),
            ("http://", false),
            ("http://a b", false),
            ("http://a\n", false),
            ("ftp://a", false),
            ("a:80", false),
            ("http://a?x=y", false),
        ] {
            assert_eq!(check_endpoint(endpoint).is_ok(), fits, "{endpoint:?}");
        }
        let good = AmazonS3Builder::new()
            .with_access_key_id("AK")
            .with_secret_access_key("s/+=")
            .with_token("t==")
            .with_region("eu-west-1");
        check_headers(&good).expect("is sound");
        for odd in ["a\r", "a\n", "a b", "a\u{1}", "ä", "a\0"] {
            for (builder, name) in [
                (good.clone().with_access_key_id(odd), "AWS_ACCESS_KEY_ID"),
                (good.clone().with_secret_access_key(odd), "AWS_SECRET_ACCESS_KEY"),
                (good.clone().with_token(odd), "AWS_SESSION_TOKEN"),
                (good.clone().with_region(odd), "AWS_REGION"),
            ] {
                let error = check_headers(&builder).expect_err(name).to_string();
                assert!(error.starts_with(name), "{error}");
            }
        }
    }
}
