package auditbox

import (
	"encoding/json"
	"strings"
)

// Rule is one by which secrets are found.
type Rule struct {
	// ID is what receipts and configurations call it. It never changes.
	ID string `json:"id"`
	// Kind is how it knows a secret: by the name it stands under (`key`), by its own shape (`format`), by the way the
	// text around it is written (`notation`), or by what is known of command lines (`shell`).
	Kind string `json:"kind"`
	// Vendor is whose format it is; empty when it is nobody's.
	Vendor string `json:"vendor"`
	// Description is what it finds, for people.
	Description string `json:"description"`
	// Action is what becomes of it when the configuration says nothing: `replace`.
	Action string `json:"action"`
}

func parseRules(text string) ([]Rule, error) {
	var rules []Rule
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &rules) != nil {
		return nil, broken("a list of rules")
	}
	for _, rule := range rules {
		if rule.ID == "" {
			return nil, broken("a list of rules")
		}
	}
	return rules, nil
}
