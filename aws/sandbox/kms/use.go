package kms

// Through are the condition keys of a request that S3 in a region makes to KMS
// for a caller of an account, about an object or, with a bucket key, a bucket
// (AWS KMS Developer Guide, AWS KMS condition keys; S3 User Guide, Using
// server-side encryption with AWS KMS keys: Encryption context).
func Through(region, account, context string) map[string]string {
	return map[string]string{
		"aws:RequestedRegion":              region,
		"aws:SecureTransport":              "true",
		"kms:ViaService":                   "s3." + region + ".amazonaws.com",
		"kms:CallerAccount":                account,
		"kms:EncryptionContext:aws:s3:arn": context,
		"kms:EncryptionContextKeys":        "aws:s3:arn",
	}
}
