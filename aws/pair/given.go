package pair

// Given names what stands already and shall be used: bothways changes nothing
// about it. It is comparable.
type Given struct {
	// KeyA and KeyB are the ARNs of the KMS keys that encrypt the replicas on
	// side A and on side B: with both, objects encrypted with KMS replicate
	// both ways. A side without one takes the customer managed key that its
	// bucket uses by default; the survey knows whether there is one.
	KeyA string `json:"key_a,omitempty"`
	KeyB string `json:"key_b,omitempty"`
	// RoleAtoB and RoleBtoA are the ARNs of the directions' roles.
	RoleAtoB string `json:"role_a_to_b,omitempty"`
	RoleBtoA string `json:"role_b_to_a,omitempty"`
}

// Key is the KMS key of the replicas on a side, or "".
func (g Given) Key(side SideName) string {
	if side == A {
		return g.KeyA
	}
	return g.KeyB
}

// Role is the ARN of the role that stands already for a direction, or "".
func (g Given) Role(d Direction) string {
	if d == AtoB {
		return g.RoleAtoB
	}
	return g.RoleBtoA
}
