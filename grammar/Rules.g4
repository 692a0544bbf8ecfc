// The grammar of .rules files. Expressions are CEL as published, written without left recursion: every chain is a loop and
// only brackets recurse, so that the bracket depth, which is checked on the tokens beforehand, bounds the parser's stack.
// Words are contextual: each may also be a name, but for `true false null in`. Newlines are white space.
// Meaning and examples: README.md beside this file.
grammar Rules;

// '{' after a name where message literals are allowed (not in .rules files, where a block may follow): set by the scanner.
tokens { MESSAGE_OPEN }

// ---- entry points ------------------------------------------------------------------------------------------------

file : (packageDecl | importDecl | declaration | separator)* EOF ;
expressionFile : expr EOF ;

separator : ';' | ',' ;

packageDecl : PACKAGE dottedName VERSION? ;
importDecl
  : IMPORT dottedName  # ImportPackage
  | IMPORT STRING      # ImportPath
  ;

declaration
  : typeDecl | eventDecl | fnDecl | hostFnDecl | paramDecl | profileDecl
  | ruleDecl | stateDecl | handlerDecl | scopeDecl | lifecycleDecl | documentDecl | atEndDecl
  | windowDecl | sequenceDecl | deadlineDecl | testDecl
  ;

// ---- types -------------------------------------------------------------------------------------------------------

typeDecl
  : TYPE name '=' typeExpr whereClause*                          # TypeAlias
  | TYPE name openness? recordBody                               # TypeRecord
  | TYPE name openness? BY tag=selector openness? taggedBody     # TypeTagged
  ;

eventDecl : EVENT name openness? BY tag=selector openness? taggedBody ;

openness : CLOSED | OPEN ;

recordBody : '{' (member | separator)* '}' ;
taggedBody : '{' (taggedItem | separator)* '}' ;

// A `where` right after a field belongs to that field; elsewhere, also after a separator, it belongs to the record.
member
  : fieldName ':' typeExpr optionalMark='?'?  # FieldMember
  | '...' name                                # SpreadMember
  | whereClause                               # WhereMember
  ;

taggedItem
  : member           # CommonMember
  | alternative      # AlternativeItem
  | faultClause      # FaultItem
  | otherwiseClause  # OtherwiseItem
  | timeClause       # TimeItem
  ;

alternative : tags+=label (',' tags+=label)* openness? recordBody ;
faultClause : FAULT kind=name severityWord? code=name? STRING? ;
otherwiseClause
  : OTHERWISE REJECT                   # OtherwiseReject
  | OTHERWISE ACCEPT                   # OtherwiseAccept
  | OTHERWISE severityWord code=name   # OtherwiseCode
  ;

whereClause : WHERE expr (ELSE code=name STRING)? ;

typeExpr : postfixType ('|' postfixType)* ;
postfixType : primaryType arraySuffix* ;
arraySuffix : '[' ']' ;
primaryType
  : name ('<' typeArgument (',' typeArgument)* '>')?  # NamedType
  | NULL_                                             # NullType
  | STRING                                            # StringType
  | '-'? INT                                          # IntType
  | '-'? FLOAT                                        # FloatType
  | (TRUE | FALSE)                                    # BoolType
  | openness? recordBody                              # RecordType
  | '(' typeExpr ')'                                  # ParenType
  ;
typeArgument : typeExpr '?'? ;

// ---- functions, parameters, profiles -----------------------------------------------------------------------------

fnDecl : FN name '(' (fnParam (',' fnParam)*)? ')' ':' typeExpr '=' expr ;
fnParam : name ':' typeExpr ;
// A function of the program that embeds the rules; what a call costs, in steps of fuel.
hostFnDecl : HOST FN name '(' (fnParam (',' fnParam)*)? ')' ':' typeExpr COST constant ;

paramDecl : PARAM name ':' typeExpr '=' constant STRING? ;

// A constant may group its digits: 10_000.
constant : GROUPED_INT | expr ;

profileDecl : PROFILE name profileBody ;
profileBody : '{' (profileItem | separator)* '}' ;
profileItem
  : SEVERITY code=name '=' level=name  # ProfileSeverity
  | OFF name                             # ProfileOff
  | SET name '=' constant                # ProfileSet
  ;

// ---- rules -------------------------------------------------------------------------------------------------------

ruleDecl : RULE name STRING ruleBody ;
ruleBody : '{' (ruleClause | separator)* '}' ;

ruleClause
  : SEVERITY name                          # SeverityClause
  | TAGS label (',' label)*                         # TagsClause
  | onClause                                        # RuleOnClause
  | AFTER name (',' name)*                          # AfterClause
  | WHEN expr                                       # WhenClause
  | LET name '=' expr                               # LetClause
  | forHead                                         # ForClause
  | REQUIRE expr atPath? (ELSE STRING)?             # RequireClause
  | DENY WHEN expr atPath? (ELSE STRING)?           # DenyClause
  | MESSAGE STRING                                  # MessageClause
  | FIX STRING                                      # FixClause
  | SEE STRING                                      # SeeClause
  | REDACT expr (',' expr)*                         # RedactClause
  | EXAMPLE (PASS | FAIL) json (AFTER json (',' json)*)?  # ExampleClause
  ;

onClause : ON eventList (AS name)? ;
eventList
  : ANY                    # AnyEvent
  | label (',' label)*     # SomeEvents
  ;
forHead : FOR element=name (',' index=name)? IN expr ;
atPath : AT member_ ;

// The JSON of an example, kept as written.
json
  : '{' (jsonEntry (',' jsonEntry)*)? '}'
  | '[' (json (',' json)*)? ']'
  | STRING
  | '-'? (INT | FLOAT)
  | TRUE | FALSE | NULL_
  ;
jsonEntry : STRING ':' json ;

// ---- state -------------------------------------------------------------------------------------------------------

stateDecl : STATE name ':' typeExpr optionalMark='?'? ('=' expr)? boundClause* reloadClause? ;
boundClause : BOUND constant boundUnit? elseClause? ;
// What becomes of the state when other rules take over.
reloadClause : ON RELOAD (KEEP | RESET | MIGRATE expr) ;
boundUnit : BYTES_ | KEYS | ELEMENTS | ENTRIES ;

// One name is the code, two are severity and code.
elseClause : ELSE first=name second=name? STRING elseTail* ;
elseTail
  : atPath      # ElseAt
  | FIX STRING  # ElseFix
  | SEE STRING  # ElseSee
  ;

handlerDecl : onClause guard* block ;
guard : WHEN expr ;

// A `when` without a block guards the statement right before it.
block : '{' (statement | separator)* '}' ;
statement
  : target op=('=' | '+=' | '-=') expr  # AssignStatement
  | CLEAR name                          # ClearStatement
  | ERASE target                        # EraseStatement
  | WHEN expr block?                    # WhenStatement
  | forHead block                       # ForStatement
  ;
target : name ('[' expr ']')? ;

scopeDecl : SCOPE name FROM from=scopeEdge TO to=scopeEdge scopeBody ;
scopeEdge : eventList guard? ;
scopeBody : '{' (scopeItem | separator)* '}' ;
scopeItem
  : stateDecl | handlerDecl | ruleDecl | lifecycleDecl | documentDecl | scopeDecl | atEndDecl
  | windowDecl | sequenceDecl | deadlineDecl
  ;

atEndDecl : AT END OF name (ON eventList)? (REQUIRE expr | DENY WHEN expr) elseClause ;

lifecycleDecl : LIFECYCLE name BY addition (',' addition)* (IN scope=name)? lifecycleBody ;
lifecycleBody : '{' (lifecycleItem | separator)* '}' ;
lifecycleItem
  : boundClause  # LifecycleBound
  | transition   # LifecycleTransition
  | keepClause   # LifecycleKeep
  | reloadClause # LifecycleReload
  | atEndDecl    # LifecycleAtEnd
  ;
transition : label (',' label)* ':' stateSet '->' to=name transitionTail* ;
stateSet
  : '*'               # AnyState
  | name ('|' name)*  # SomeStates
  ;
transitionTail
  : WHEN expr           # TransitionWhen
  | elseClause          # TransitionElse
  | RECOVER '->' name   # TransitionRecover
  ;

// ---- tests -------------------------------------------------------------------------------------------------------

testDecl : TEST STRING testBody ;
testBody : '{' (testItem | separator)* '}' ;
testItem
  : PROFILE name                   # TestProfile
  | SET name '=' testSetting       # TestSet
  | '+' (INT | FLOAT) name expectation*  # TestClock
  | label testObject expectation*  # TestEvent
  | STRING expectation*            # TestRaw
  | END OF name expectation*       # TestEnd
  | NOTHING ELSE                   # TestNothingElse
  ;

// No sum, since a clock may follow: other expressions in parentheses.
testSetting : GROUPED_INT | unary ;

// JSON, but for names without quotes, strings as in CEL, commas that may be left out, and CEL in parentheses.
testObject : '{' (testField | separator)* '}' ;
testField : fieldName ':' testValue ;
testValue
  : testObject
  | testArray
  | '(' expr ')'
  | STRING
  | '-'? (INT | FLOAT)
  | TRUE | FALSE | NULL_
  ;
testArray : '[' (testValue | separator)* ']' ;

expectation : '=>' expected (',' expected)* ;
expected
  : PASS                                    # ExpectPass
  | NOTHING ELSE                            # ExpectNothingElse
  | severityWord? code=name expectedTail*   # ExpectFinding
  ;
expectedTail
  : AT (pointerStep+ | STRING)  # ExpectedAt
  | MESSAGE STRING              # ExpectedMessage
  ;
pointerStep : '/' (name | INT) ;

// What a lifecycle keeps for each key: a text that grows, or a scalar.
keepClause
  : KEEP name CHARS keepStep+ boundClause* reloadClause?              # KeepText
  | KEEP name ':' typeExpr '=' initial=expr keepStep+ reloadClause?   # KeepScalar
  ;
keepStep : op=('=' | '+=' | '-=') expr ON eventList guard? ;

documentDecl : DOCUMENT name (IN scope=name)? documentBody ;
documentBody : '{' (documentItem | separator)* '}' ;
documentItem
  : boundClause                              # DocumentBound
  | reloadClause                             # DocumentReload
  | onClause '=' expr guard*                 # DocumentSet
  | onClause PATCH expr guard* elseClause?   # DocumentPatch
  | onClause CLEAR guard*                    # DocumentClear
  ;

// ---- time --------------------------------------------------------------------------------------------------------

// Of an event family: the field that holds the time, and how far events may lie behind.
timeClause : TIME field=selector (IN unit=name)? (LATE timeSpan)? ;

// 10s, 1_500 ms; or a constant duration.
timeSpan
  : (INT | GROUPED_INT) unit=name  # UnitSpan
  | expr                           # ValueSpan
  ;

windowDecl : WINDOW name ':' function=name windowSource guard? keyList? OVER timeSpan TUMBLING? boundClause* reloadClause? ;
windowSource
  : OF eventList          # CountedEvents
  | OF expr ON eventList  # ValuesOnEvents
  ;
keyList : BY addition (',' addition)* ;

sequenceDecl
  : SEQUENCE name keyList? boundClause* reloadClause? ':' from=scopeEdge THEN to=scopeEdge WITHIN timeSpan (UNLESS unless=scopeEdge)?
    elseClause?
  ;
deadlineDecl
  : DEADLINE name keyList? boundClause* reloadClause? ':' EVERY from=scopeEdge IS FOLLOWED BY to=scopeEdge WITHIN timeSpan elseClause
  ;

// ---- expressions: CEL --------------------------------------------------------------------------------------------

// Right associative: a ? b : c ? d : e.
expr : operands+=disjunction (marks+='?' operands+=disjunction ':' operands+=disjunction)* ;
disjunction : conjunction (ops+='||' conjunction)* ;
conjunction : relation (ops+='&&' relation)* ;
relation : addition (ops+=('<' | '<=' | '>' | '>=' | '==' | '!=' | IN) addition)* ;
addition : multiplication (ops+=('+' | '-') multiplication)* ;
multiplication : unary (ops+=('*' | '/' | '%') unary)* ;
unary : nots+='!'* minuses+='-'* member_ ;
member_ : primary suffix* ;

suffix
  : '.' optionalMark='?'? selector arguments?                           # SelectSuffix
  | '[' optionalMark='?'? expr ']'                                      # IndexSuffix
  | MESSAGE_OPEN (messageField (',' messageField)*)? ','? '}'           # MessageSuffix
  ;
messageField : optionalMark='?'? selector ':' expr ;

primary
  : dot='.'? name arguments?                         # NamePrimary
  | '(' expr ')'                                     # ParenPrimary
  | '[' (listElement (',' listElement)*)? ','? ']'   # ListPrimary
  | '{' (mapEntry (',' mapEntry)*)? ','? '}'         # MapPrimary
  | literal                                          # LiteralPrimary
  ;
arguments : '(' (expr (',' expr)*)? ')' ;
listElement : optionalMark='?'? expr ;
mapEntry : optionalMark='?'? key=expr ':' value=expr ;

literal
  : INT              # IntLiteral
  | UINT             # UintLiteral
  | FLOAT            # DoubleLiteral
  | STRING           # StringLiteral
  | BYTES            # BytesLiteral
  | (TRUE | FALSE)   # BoolLiteral
  | NULL_            # NullLiteral
  ;

// ---- names -------------------------------------------------------------------------------------------------------

dottedName : name ('.' name)* ;
selector : name | QUOTED_NAME ;
fieldName : name | QUOTED_NAME | STRING ;
// Something named in JSON text: an event type, a tag of a union.
label : name | STRING ;
severityWord : CRITICAL | ERROR | WARNING | INFO ;

name
  : IDENTIFIER
  | ACCEPT | AFTER | ANY | AS | AT | BOUND | BY | BYTES_ | CHARS | CLEAR | CLOSED | COST | CRITICAL | DEADLINE | DENY | DOCUMENT
  | ELEMENTS | ELSE | END | ENTRIES | ERASE | ERROR | EVENT | EVERY | EXAMPLE | FAIL | FAULT | FIX | FN | FOLLOWED | FOR | FROM
  | HOST | IMPORT | INFO | IS | KEEP | KEYS | LATE | LET | LIFECYCLE | MESSAGE | MIGRATE | NOTHING | OF | OFF | ON | OPEN | OTHERWISE | OVER
  | PACKAGE | PARAM | PASS | PATCH | PROFILE | RECOVER | REDACT | REJECT | RELOAD | REQUIRE | RESET | RULE | SCOPE | SEE | SEQUENCE | SET
  | SEVERITY | STATE | TAGS | TEST | THEN | TIME | TO | TUMBLING | TYPE | UNLESS | WARNING | WHEN | WHERE | WINDOW | WITHIN
  ;

// ---- tokens ------------------------------------------------------------------------------------------------------

TRUE : 'true' ;  FALSE : 'false' ;  NULL_ : 'null' ;  IN : 'in' ;

ACCEPT : 'accept' ;        AFTER : 'after' ;          ANY : 'any' ;              AS : 'as' ;
AT : 'at' ;                BOUND : 'bound' ;          BY : 'by' ;                BYTES_ : 'bytes' ;
CHARS : 'chars' ;          CLEAR : 'clear' ;          CLOSED : 'closed' ;        COST : 'cost' ;
CRITICAL : 'critical' ;
DEADLINE : 'deadline' ;    DENY : 'deny' ;            DOCUMENT : 'document' ;    ELEMENTS : 'elements' ;
ELSE : 'else' ;            END : 'end' ;              ENTRIES : 'entries' ;      ERASE : 'erase' ;
ERROR : 'error' ;          EVENT : 'event' ;          EVERY : 'every' ;          EXAMPLE : 'example' ;
FAIL : 'fail' ;            FAULT : 'fault' ;          FIX : 'fix' ;              FN : 'fn' ;
FOLLOWED : 'followed' ;    FOR : 'for' ;              FROM : 'from' ;            HOST : 'host' ;            IMPORT : 'import' ;
INFO : 'info' ;            IS : 'is' ;                KEEP : 'keep' ;            KEYS : 'keys' ;
LATE : 'late' ;            LET : 'let' ;              LIFECYCLE : 'lifecycle' ;  MESSAGE : 'message' ;
MIGRATE : 'migrate' ;      RELOAD : 'reload' ;        RESET : 'reset' ;
NOTHING : 'nothing' ;      OF : 'of' ;                OFF : 'off' ;              ON : 'on' ;
OPEN : 'open' ;            OTHERWISE : 'otherwise' ;  OVER : 'over' ;            PACKAGE : 'package' ;
PARAM : 'param' ;          PASS : 'pass' ;            PATCH : 'patch' ;          PROFILE : 'profile' ;
RECOVER : 'recover' ;      REDACT : 'redact' ;        REJECT : 'reject' ;        REQUIRE : 'require' ;
RULE : 'rule' ;            SCOPE : 'scope' ;          SEE : 'see' ;              SEQUENCE : 'sequence' ;
SET : 'set' ;              SEVERITY : 'severity' ;    STATE : 'state' ;          TAGS : 'tags' ;
TEST : 'test' ;            THEN : 'then' ;            TIME : 'time' ;            TO : 'to' ;
TUMBLING : 'tumbling' ;    TYPE : 'type' ;            UNLESS : 'unless' ;        WARNING : 'warning' ;
WHEN : 'when' ;            WHERE : 'where' ;          WINDOW : 'window' ;        WITHIN : 'within' ;

LBRACE : '{' ;    RBRACE : '}' ;    LPAREN : '(' ;     RPAREN : ')' ;     LBRACKET : '[' ;  RBRACKET : ']' ;
COMMA : ',' ;     SEMICOLON : ';' ; COLON : ':' ;      DOT : '.' ;        SPREAD : '...' ;  QUESTION : '?' ;
ARROW : '->' ;    YIELDS : '=>' ;    PIPE : '|' ;      ASSIGN : '=' ;     PLUS_ASSIGN : '+=' ;                 MINUS_ASSIGN : '-=' ;
OR : '||' ;       AND : '&&' ;      EQUAL : '==' ;     NOT_EQUAL : '!=' ; LESS : '<' ;      LESS_EQUAL : '<=' ;
GREATER : '>' ;   GREATER_EQUAL : '>=' ;               PLUS : '+' ;       MINUS : '-' ;     STAR : '*' ;
SLASH : '/' ;     PERCENT : '%' ;   NOT : '!' ;

INT : DIGIT+ | '0x' HEX+ ;
UINT : (DIGIT+ | '0x' HEX+) [uU] ;
FLOAT : DIGIT+ '.' DIGIT+ EXPONENT? | DIGIT+ EXPONENT | '.' DIGIT+ EXPONENT? ;
GROUPED_INT : DIGIT+ ('_' DIGIT+)+ ;
VERSION : DIGIT+ '.' DIGIT+ '.' DIGIT+ ('-' [0-9A-Za-z.-]+)? ;

// Escapes are checked, with their own spans, when a literal is decoded.
STRING : [rR] RAW_TEXT | TEXT ;
BYTES : [bB] TEXT | ([bB] [rR] | [rR] [bB]) RAW_TEXT ;

QUOTED_NAME : '`' [A-Za-z0-9_./ -]+ '`' ;
IDENTIFIER : [A-Za-z_] [A-Za-z0-9_]* ;

DOC_COMMENT : '///' (~[\r\n/] ~[\r\n]*)? -> channel(HIDDEN) ;
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;
WHITE_SPACE : [ \t\r\n\u000C]+ -> skip ;

// What is no token is one all the same, so that the lexer never fails: compiler/parse/scan reports these.
UNTERMINATED_STRING
  : [bBrR]? [bBrR]? ( '"""' LONG_DOUBLE | '\'\'\'' LONG_SINGLE | '"' SHORT_DOUBLE | '\'' SHORT_SINGLE ) ;
STRAY : . ;

fragment DIGIT : [0-9] ;
fragment HEX : [0-9A-Fa-f] ;
fragment EXPONENT : [eE] [+-]? DIGIT+ ;
fragment SHORT_DOUBLE : ( ~["\\\r\n] | '\\' ~[\r\n] )* ;
fragment SHORT_SINGLE : ( ~['\\\r\n] | '\\' ~[\r\n] )* ;
// Up to two quotes in a row belong to the text.
fragment LONG_DOUBLE : ( '"'? '"'? ( ~["\\] | '\\' . ) )* ;
fragment LONG_SINGLE : ( '\''? '\''? ( ~['\\] | '\\' . ) )* ;
fragment TEXT
  : '"' SHORT_DOUBLE '"' | '\'' SHORT_SINGLE '\'' | '"""' LONG_DOUBLE '"""' | '\'\'\'' LONG_SINGLE '\'\'\'' ;
fragment RAW_TEXT
  : '"' ~["\r\n]* '"' | '\'' ~['\r\n]* '\'' | '"""' .*? '"""' | '\'\'\'' .*? '\'\'\'' ;
