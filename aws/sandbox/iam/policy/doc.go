// Package policy reads IAM policy documents and evaluates them against one request, as pure functions: no clock, no
// directory, no account.
//
// One document answers Allow, Deny or NoMatch. How the answers of several documents combine (identity policies, permission
// boundary, service control policy, resource policy) is the business of package iam.
//
// Sources: IAM User Guide, "IAM JSON policy element reference", "Policy evaluation logic" and "Policy variables".
package policy
