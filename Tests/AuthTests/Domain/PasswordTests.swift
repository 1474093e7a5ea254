import Contracts
import Foundation
import Testing

@testable import auth

@Suite struct PasswordTests {
    private let email = EmailAddress("ada@example.com")

    private func isAccepted(_ text: String) -> Bool {
        if case .success = Password.checked(text, email: email) { true } else { false }
    }

    @Test func `length counts in characters, with nothing else demanded`() {
        #expect(isAccepted("zkwvbnqt"))
        #expect(!isAccepted("zkwvbnq"))
        #expect(isAccepted(String(repeating: "é", count: 256)))
        #expect(!isAccepted(String(repeating: "x", count: 257)))
        #expect(isAccepted("        "))
        #expect(isAccepted("žluťoučký kůň 🐎"))
        #expect(!isAccepted(String(repeating: "e\u{301}", count: 7)))
    }

    @Test func `one character of endless combining marks is no password`() {
        #expect(!isAccepted(String(repeating: "x" + String(repeating: "\u{301}", count: 1000), count: 10)))
    }

    @Test(arguments: ["password", "PassWord1", "12345678", "qwertyuiop", "iloveyou", "ADA@example.com", "11111111"])
    func `what everyone tries first is refused`(text: String) {
        #expect(!isAccepted(text))
    }

    @Test func `the list of common passwords holds some hundreds`() {
        #expect(CommonPasswords.contain("letmein1"))
        #expect(CommonPasswords.contain("zxcvbnm,"))
        #expect(!CommonPasswords.contain("correct horse battery"))
        #expect(!CommonPasswords.contain(""))
    }

    @Test func `composed and decomposed forms are the same bytes`() {
        #expect(Password(claimed: "caf\u{E9}").bytes == Password(claimed: "cafe\u{301}").bytes)
    }
}
