import Contracts
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "a@b.co", "ada.lovelace+tickets@mail.example.com", "o'brien@example.ie", "x_y-z@sub-domain.example.org",
        "UPPER@EXAMPLE.COM", "1@2.three", "!#$%&'*+/=?^_`{|}~-@example.com",
    ])
    func `addresses that people have are accepted`(text: String) {
        #expect(EmailAddress(text)?.text == text)
    }

    @Test(arguments: [
        "", "@", "a@", "@b.co", "a", "a@b", "a@@b.co", "a@b@c.co", ".a@b.co", "a.@b.co", "a..b@c.co", "a b@c.co",
        " a@b.co", "a@b.co ", "a@-b.co", "a@b-.co", "a@b..co", "a@.co", "a@b.co.", "a@b.1", "a@[127.0.0.1]",
        "\"a\"@b.co", "a@b_c.co", "ä@b.co", "a@b.cö", "a\n@b.co", "a@b.co\0", "a,b@c.co", "<a@b.co>",
    ])
    func `anything else is refused`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func `two hundred characters are the most, sixty-four before the sign`() {
        let label = String(repeating: "x", count: 60)
        let domain = "@\(label).\(label).com"
        #expect(EmailAddress(String(repeating: "a", count: 64) + domain) != nil)
        #expect(EmailAddress(String(repeating: "a", count: 65) + domain) == nil)
        #expect(EmailAddress("a@\(label).\(label).\(label).\(label).com") == nil)
        #expect(EmailAddress("a@\(String(repeating: "x", count: 64)).com") == nil)
    }
}
