package record

// NoRPO says why a drill of a kind does not compare a target for the RPO, "" where
// it does.
func (k Kind) NoRPO() string {
	switch k {
	case Pause:
		return "a pause holds back every write for as long as it lasts: what is missing then is as old as the pause, which the drill itself chose; the lag before the pause is held to the target"
	case Alarm:
		return "a drill of an alarm loses no side"
	case Readiness, Cut:
	}
	return ""
}

// NoRTO says the same of a target for the RTO.
func (k Kind) NoRTO() string {
	switch k {
	case Readiness:
		return "only a fault shows how long it takes until the survivor serves"
	case Alarm:
		return "a drill of an alarm loses no side"
	case Cut, Pause:
	}
	return ""
}
