// Package privacy is what people may ask about their own data and how long an
// organization keeps what: what is held of a person, requests for erasure, legal
// holds, periods of retention, and the runs that end them with a certificate.
package privacy
