//! What goes out with every page, and the log of what was asked for: patterns and figures, no path, no person.

use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError, web};

use crate::web::error::Problem;
use crate::web::gate::Gate;

/// Nothing from elsewhere, no script in a page, no form to elsewhere. The desk shows letters in frames
/// of its own.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
    script-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'self'";

/// Refuses what comes from foreign pages, puts the headers on, gives a bare error its page, and logs.
///
/// # Errors
/// Those of the services within.
pub async fn dress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let gate = request.app_data::<web::Data<Gate>>().cloned();
    let admitted = gate.as_ref().is_none_or(|gate| gate.admits(&request));
    let mut answer = if admitted {
        next.call(request).await?.map_into_boxed_body()
    } else {
        request.into_response(Problem::forbidden().error_response())
    };
    if is_bare(&answer) {
        let status = answer.status();
        let allow = answer.headers().get("allow").cloned();
        answer = answer.into_response(Problem::of(status).error_response());
        if let Some(allow) = allow {
            answer
                .headers_mut()
                .insert(HeaderName::from_static("allow"), allow);
        }
    }
    put_on(&mut answer, gate.is_some_and(|gate| gate.https));
    log(&answer, begun);
    Ok(answer)
}

/// An error that has no page of its own: wrong method, no such address, a refused body.
fn is_bare(answer: &ServiceResponse<BoxBody>) -> bool {
    let status = answer.status();
    if !status.is_client_error() && !status.is_server_error() {
        return false;
    }
    let empty = matches!(
        answer.response().body().size(),
        BodySize::None | BodySize::Sized(0)
    );
    let page = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    empty || (answer.response().error().is_some() && !page)
}

fn put_on(answer: &mut ServiceResponse<BoxBody>, https: bool) {
    let headers = answer.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    put(CONTENT_SECURITY_POLICY, POLICY);
    // To ourselves a browser may say where it comes from: without it, it says "null" in every form over
    // plain http. Elsewhere nothing of our addresses is told.
    put(REFERRER_POLICY, "same-origin");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "SAMEORIGIN");
    put(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    put(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    );
    put(CACHE_CONTROL, "no-store");
    if https {
        put(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// The pattern of the route and not the path: paths hold tokens, queries may hold names.
fn log(answer: &ServiceResponse<BoxBody>, begun: Instant) {
    let request = answer.request();
    let route = request.match_pattern().unwrap_or_default();
    tracing::info!(
        target: "access",
        method = request.method().as_str(),
        route,
        status = answer.status().as_u16(),
        micros = begun.elapsed().as_micros(),
    );
}
