// Package sigv4 checks AWS Signature Version 4 as a server: it decides who signed a request and whether the request
// and its body arrived as they were signed.
//
// Both places of a signature are understood, the Authorization header and the presigned query string, and every way in
// which S3 lets a client declare its payload: a SHA-256 of the whole body, UNSIGNED-PAYLOAD, and aws-chunked bodies with
// signed chunks, with a trailing checksum, or with both.
//
// Sources: IAM User Guide, "Create a signed AWS API request"; Amazon S3 API Reference, "Authenticating Requests (AWS
// Signature Version 4)" and "Signature calculations for the authorization header: transferring payload in multiple
// chunks".
package sigv4
