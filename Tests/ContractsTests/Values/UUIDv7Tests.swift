import Contracts
import Foundation
import Testing

@Suite struct UUIDv7Tests {
    @Test("ids are version 7 UUIDs in lower case")
    func format() throws {
        for _ in 0..<100 {
            let id = UUIDv7.make(at: Timestamp(milliseconds: 1_800_000_000_000))
            #expect(UUID(uuidString: id) != nil)
            #expect(id == id.lowercased())
            let characters = Array(id)
            #expect(characters[14] == "7")
            #expect("89ab".contains(characters[19]))
            #expect(UUIDv7.isWellFormed(id))
        }
    }

    @Test("ids of later milliseconds sort later")
    func order() {
        let ids = (0..<200).map { UUIDv7.make(at: Timestamp(milliseconds: 1_800_000_000_000 + $0)) }
        #expect(ids == ids.sorted())
    }

    @Test("the time is in the first 48 bits")
    func time() {
        let id = UUIDv7.make(at: Timestamp(milliseconds: 0x0123_4567_89AB))
        #expect(id.hasPrefix("01234567-89ab-7"))
    }

    @Test("ids of one moment differ")
    func unique() {
        let time = Timestamp(milliseconds: 1)
        #expect(Set((0..<10_000).map { _ in UUIDv7.make(at: time) }).count == 10_000)
    }

    @Test(
        "what is no UUID is told apart",
        arguments: [
            "", "x", "0123456789ab", "01234567-89ab-7000-8000-00000000000", "01234567-89ab-7000-8000-00000000000g",
            "01234567_89ab-7000-8000-000000000000", "01234567-89ab-7000-8000-0000000000001",
        ])
    func malformed(text: String) {
        #expect(!UUIDv7.isWellFormed(text))
    }
}
