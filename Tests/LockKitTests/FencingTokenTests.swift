import LockKit
import Testing

@Suite struct FencingTokenTests {
    @Test func `a token's number keeps the order of epoch and counter`() {
        let tokens = [
            FencingToken(epoch: 0, counter: 7), FencingToken(epoch: 1, counter: 0),
            FencingToken(epoch: 1, counter: (1 << 40) - 1), FencingToken(epoch: 2, counter: 0),
            FencingToken(epoch: 1 << 22, counter: (1 << 40) - 1),
        ]
        #expect(tokens.map(\.rawValue) == tokens.map(\.rawValue).sorted())
        #expect(tokens.sorted() == tokens)
        for token in tokens {
            #expect(FencingToken(rawValue: token.rawValue) == token)
            #expect(token.description == String(token.rawValue))
        }
    }

    @Test(arguments: [-1, Int64.min, Int64.max])
    func `numbers that no token has are refused`(number: Int64) {
        #expect(FencingToken(rawValue: number) == nil)
    }
}
