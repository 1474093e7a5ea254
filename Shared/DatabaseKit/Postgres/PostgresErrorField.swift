/// The fields of an error report, by the codes of PostgreSQL's protocol.
enum PostgresErrorField: CInt {
    case sqlState = 67  // C
    case message = 77  // M
    case detail = 68  // D
    case statementPosition = 80  // P
    case table = 116  // t
    case column = 99  // c
    case constraint = 110  // n
}
