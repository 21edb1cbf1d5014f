// Package iam is the identity part of the sandbox: one account's users, access keys, roles and policies, the IAM and STS
// calls that manage them, and the decision whether a principal may do something.
//
// A [Directory] is one account, [Accounts] are all. They answer three kinds of questions:
//
//   - who signed: [Accounts.Lookup] turns an access key id into the secret that must have signed and the [Principal]
//     that it stands for;
//   - may they: [Accounts.Authorize] and [Accounts.AuthorizeResource] combine identity policies, session policy,
//     permissions boundary, service control policy and resource policy as AWS does;
//   - may a service act in a role: [Directory.AssumeRole] evaluates the role's trust policy.
//
// [Directory.ServeIAM] and [Directory.ServeSTS] are the Query protocol over the same data. They expect a request whose
// signature has been checked.
//
// Sources: IAM User Guide, "Policy evaluation logic"; IAM API Reference; AWS STS API Reference.
package iam
