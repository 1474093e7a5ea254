import Testing

@testable import ServiceKit

#if DEBUG
    @Suite struct FaultPlanTests {
        @Test func `a fault happens once, at the passage it was set for`() {
            let plan = FaultPlan("a=die,b=stall:500@3,c=throw,c=lose-reply@2")
            #expect(plan.next(at: "a") == .die)
            #expect(plan.next(at: "a") == nil)
            #expect(plan.next(at: "b") == nil)
            #expect(plan.next(at: "b") == nil)
            #expect(plan.next(at: "b") == .stall(.milliseconds(500)))
            #expect(plan.next(at: "b") == nil)
            #expect(plan.next(at: "c") == .fail)
            #expect(plan.next(at: "c") == .loseReply)
            #expect(plan.next(at: "elsewhere") == nil)
        }

        @Test func `a fault with a chance happens again and again`() {
            let plan = FaultPlan("a=lose-reply%20,b=throw%100")
            let lost = (0..<10_000).count { _ in plan.next(at: "a") == .loseReply }
            #expect((1_500..<2_500).contains(lost))
            for _ in 0..<3 { #expect(plan.next(at: "b") == .fail) }
        }

        @Test func `what cannot be read is ignored`() {
            let plan = FaultPlan("a,b=,c=explode,d=stall:x,e=die@0,g=die%,h=die%0,=,,f=throw")
            for name in ["a", "b", "c", "d", "e", "g", "h", ""] { #expect(plan.next(at: name) == nil) }
            #expect(plan.next(at: "f") == .fail)
        }
    }
#endif
