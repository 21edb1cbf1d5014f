package pair

// InventoryID names the configuration of S3 Inventory that bothways makes on a
// side.
func (p Pair) InventoryID() string { return RulePrefix + p.ID() + "-audit" }

// InventoryPrefix is where the lists of both sides go in their buckets.
func (p Pair) InventoryPrefix() string { return objectRoom + p.ID() + "/inventory" }

// InventoryBucket names the bucket that bothways makes for the lists of a side,
// in its region, as S3 Inventory wants it.
func (p Pair) InventoryBucket(side SideName, account string) string {
	return p.bucketName("lists", side, account)
}
