//! A form of the desk: nobody reads it before the session and the form's own token are right.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use crate::casework::Office;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::office::session::Session;

/// A posted form of somebody who is signed in. Handlers of the desk that change something take this.
pub struct Signed {
    /// Who sent it.
    pub session: Session,
    /// What it says.
    pub posted: Posted,
}

impl FromRequest for Signed {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let session = Session::from_request(&request, &mut Payload::None).await?;
            let posted = Posted::from_request(&request, &mut payload).await?;
            let office = request
                .app_data::<web::Data<Office>>()
                .ok_or_else(Problem::not_found)?;
            if !office.form_token_right(&session.token, posted.get("csrf")) {
                return Err(Problem::forbidden().into());
            }
            Ok(Signed { session, posted })
        })
    }
}
