package request

// Owner is whom a bucket, an object or an upload belongs to, as an element.
type Owner struct {
	ID string `xml:"ID"`
}

// CanonicalID is the canonical user id of an account: 64 hexadecimal digits
// that depend on the account alone.
func CanonicalID(accountID string) string {
	const filler = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c"
	return filler + accountID
}
