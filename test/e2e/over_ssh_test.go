//go:build e2e

package e2e

import (
	"slices"
	"testing"
)

// overSSH are the tests of access that run once more over SSH, by these logins.
var overSSH = []struct {
	name   string
	test   func(*testing.T)
	logins []string
}{
	{"Transitions", TestTransitions, []string{"sudo", "root"}},
	{"AnAllowedClientReadsAndWrites", TestAnAllowedClientReadsAndWrites, []string{"sudo", "root", "environment"}},
	{"AVolumeMadeLater", TestAVolumeMadeLater, []string{"sudo"}},
	{"AChangeThatGlusterdOverlooked", TestAChangeThatGlusterdOverlooked, []string{"root"}},

	{"ForeignSettings", TestForeignSettings, []string{"sudo", "root"}},
	{"ARejectRuleForAPart", TestARejectRuleForAPart, []string{"root"}},
	{"AVolumeServedWhole", TestAVolumeServedWhole, []string{"root"}},
	{"AnotherVolumeServedWhole", TestAnotherVolumeServedWhole, []string{"sudo"}},
	{"MassRevoke", TestMassRevoke, []string{"sudo", "root"}},
	{"UndeclaredExportsAreKeptToTheByte", TestUndeclaredExportsAreKeptToTheByte, []string{"sudo"}},
	{"UndeclaredExportsInTheWay", TestUndeclaredExportsInTheWay, []string{"root"}},
	{"UndeclaredExportsAreRevoked", TestUndeclaredExportsAreRevoked, []string{"sudo"}},

	{"Drift", TestDrift, []string{"root"}},
	{"NoDrift", TestNoDrift, []string{"sudo"}},
	{"ASecondRunWritesNothing", TestASecondRunWritesNothing, []string{"sudo"}},
	{"APlanIsTheSameBytesEachTime", TestAPlanIsTheSameBytesEachTime, []string{"root"}},

	{"OwnerGroupAndMode", TestOwnerGroupAndMode, []string{"sudo", "root"}},
	{"OnlyWhatIsDeclaredIsSet", TestOnlyWhatIsDeclaredIsSet, []string{"sudo"}},
	{"ParentsAreMade", TestParentsAreMade, []string{"root"}},
	{"SomethingElseInThePlaceOfADirectory", TestSomethingElseInThePlaceOfADirectory, []string{"sudo", "root"}},
	{"AnUnknownGroup", TestAnUnknownGroup, []string{"sudo"}},
	{"Sizes", TestSizes, []string{"sudo"}},
	{"OneLimitFails", TestOneLimitFails, []string{"sudo"}},
	{"RetireAndRestore", TestRetireAndRestore, []string{"sudo"}},
	{"WhatCantGo", TestWhatCantGo, []string{"root"}},

	{"TheLockIsNotHadInTime", TestTheLockIsNotHadInTime, []string{"root"}},
	{"WritersTakeTurns", TestWritersTakeTurns, []string{"sudo"}},
	{"TheLockIsLostWithItsBrick", TestTheLockIsLostWithItsBrick, []string{"sudo"}},
	{"TheMachineIsLeftAsItWas", TestTheMachineIsLeftAsItWas, []string{"sudo"}},
	{"AMountThatIsThere", TestAMountThatIsThere, []string{"sudo"}},
	{"DeathInTheMiddle", TestDeathInTheMiddle, []string{"sudo"}},

	{"StatusShowsDrift", TestStatusShowsDrift, []string{"sudo"}},
	{"StatusShowsWhatIsUndeclared", TestStatusShowsWhatIsUndeclared, []string{"root"}},
	{"ImportOfAVolumeKeptByHand", TestImportOfAVolumeKeptByHand, []string{"environment"}},
	{"PlanAgainstWhatWasObserved", TestPlanAgainstWhatWasObserved, []string{"sudo"}},
	{"SavedPlan", TestSavedPlan, []string{"root"}},
	{"ExitCodes", TestExitCodes, []string{"sudo"}},
}

// The suite of access runs once more with every target over SSH: as a user with a
// key and sudo, and as root with a password.
func TestOverSSH(t *testing.T) {
	for _, l := range logins {
		t.Run(l.name, func(t *testing.T) {
			for _, c := range overSSH {
				if slices.Contains(c.logins, l.name) {
					t.Run(c.name, c.test)
				}
			}
		})
	}
}

// some are the cases of a table that a test runs: all of them, and over SSH one in so
// many, others for each login.
func some[C any](t *testing.T, in int, cases []C) []C {
	name, over := loginOf(t)
	if !over {
		return cases
	}
	var out []C
	for i := loginAt(t, name); i < len(cases); i += in {
		out = append(out, cases[i])
	}
	return out
}
