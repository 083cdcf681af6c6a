// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ClaimBatches} from "../src/ClaimBatches.sol";
import {Nodes} from "../src/Nodes.sol";
import {Vault} from "../src/Vault.sol";
import {TestDollar} from "../src/TestDollar.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {ISlashes} from "../src/interfaces/ISlashes.sol";
import {IVaultParameters} from "../src/interfaces/IVaultParameters.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {vm} from "./Vm.sol";

/// @title A market with one requester, one node and everything they sign
abstract contract MarketFixture {
    uint256 internal constant DOLLAR = 1e6;
    uint16 internal constant FEE_BPS = 200;
    uint64 internal constant WITHDRAW_DELAY = 2 hours;
    uint64 internal constant CHALLENGE_WINDOW = 1 hours;
    uint256 internal constant START = 1_800_000_000;

    uint256 internal constant OPERATOR_KEY = 0x0A;
    uint256 internal constant REQUESTER_KEY = 0x0B;
    uint256 internal constant NODE_KEY = 0x0C;
    uint256 internal constant SESSION_KEY = 0x0D;
    uint256 internal constant STRANGER_KEY = 0x0E;

    address internal immutable OPERATOR = vm.addr(OPERATOR_KEY);
    address internal immutable REQUESTER = vm.addr(REQUESTER_KEY);
    address internal immutable NODE = vm.addr(NODE_KEY);
    address internal immutable SESSION = vm.addr(SESSION_KEY);
    address internal constant ARBITER = address(0xA5B);
    address internal constant FEES = address(0xFEE);
    address internal constant FAULTS = address(0xFA17);
    address internal constant PROVIDER = address(0x9801);
    address internal constant PAYOUT = address(0x9A1);
    address internal constant CREATOR = address(0xC8EA);
    address internal constant STRANGER = address(0x5798);
    /// @dev Admin of the AccessManager, so it may call whatever is restricted.
    address internal constant GOVERNOR = address(0x607);

    AccessManager internal authority;
    Vault internal vault;
    ClaimBatches internal batches;
    Nodes internal nodes;
    TestDollar internal token;

    error Unequal(uint256 actual, uint256 expected);
    error Untrue();

    function setUp() public virtual {
        vm.warp(START);
        token = new TestDollar();
        authority = new AccessManager(address(this));
        authority.grantRole(authority.ADMIN_ROLE(), GOVERNOR, 0);
        batches = new ClaimBatches();
        vault = new Vault(address(authority), _parameters(), address(batches));
        nodes = Nodes(vault.nodes());
        _deposit(REQUESTER, 1_000 * DOLLAR);
    }

    function _parameters() internal view returns (IVaultParameters.Parameters memory) {
        return IVaultParameters.Parameters({
            operator: OPERATOR,
            arbiter: ARBITER,
            feeRecipient: FEES,
            faultPool: FAULTS,
            feeBps: FEE_BPS,
            challengeBondBps: 1_000,
            withdrawDelay: WITHDRAW_DELAY,
            challengeWindow: CHALLENGE_WINDOW
        });
    }

    function _deposit(address owner, uint256 amount) internal {
        token.mint(address(this), amount);
        token.approve(address(vault), amount);
        vault.depositFor(owner, address(token), amount);
    }

    function _stake(address provider, uint256 amount) internal {
        token.mint(provider, amount);
        vm.prank(provider);
        token.approve(address(nodes), amount);
        vm.prank(provider);
        nodes.stake(NODE, address(token), amount);
    }

    function _balance(address owner) internal view returns (uint256) {
        return vault.balanceOf(owner, address(token));
    }

    /// @dev An order of 100 dollars at most, awarded at 50, of which 5 are royalty; the fee is 1.
    function _unsigned(uint256 nonce) internal view returns (ISettlements.Settlement memory item) {
        item.order = TypedData.Order({
            requester: REQUESTER,
            operator: OPERATOR,
            token: address(token),
            taskHash: keccak256("task"),
            maxPrice: 100 * DOLLAR,
            feeCapBps: FEE_BPS,
            royaltyCap: 5 * DOLLAR,
            deliverBy: uint64(START + 10 minutes),
            settleBy: uint64(START + 30 minutes),
            nonce: nonce,
            resultKey: 0
        });
        item.award.roundHash = keccak256("round");
        item.award.node = NODE;
        item.award.payout = PAYOUT;
        item.award.creator = CREATOR;
        item.award.price = 50 * DOLLAR;
        item.award.royalty = 5 * DOLLAR;
        item.sheet.roundId = keccak256("round id");
        item.sheet.node = NODE;
        item.sheet.slots = 2;
        item.sheet.bond = 10 * DOLLAR;
        item.sheet.expiresAt = uint64(START + 10 minutes);
        item.agentVersion = keccak256("version");
        item.ask = 40 * DOLLAR;
        item.promisedSeconds = 60;
        item.resultHash = keccak256("result");
        item.charge = 51 * DOLLAR;
    }

    /// @dev The default item, signed and accepted.
    function _accepted(uint256 nonce) internal view returns (ISettlements.Settlement memory) {
        return _sign(_unsigned(nonce));
    }

    /// @dev The default item with everything but an acceptance.
    function _delivered(uint256 nonce) internal view returns (ISettlements.Settlement memory item) {
        item = _sign(_unsigned(nonce));
        item.acceptanceSignature = "";
    }

    /// @dev Links the messages to each other and signs them all with the right keys.
    function _sign(ISettlements.Settlement memory item) internal view returns (ISettlements.Settlement memory) {
        _link(item);
        uint256 orderKey = REQUESTER_KEY;
        if (item.session.key != address(0)) {
            orderKey = SESSION_KEY;
            item.sessionSignature = _signWith(REQUESTER_KEY, _sessionHash(item.session));
        }
        item.orderSignature = _signWith(orderKey, _orderHash(item.order));
        item.nodeSignature = _signWith(NODE_KEY, _awardHash(item.award));
        item.operatorSignature = _signWith(OPERATOR_KEY, _awardHash(item.award));
        item.sheetSignature = _signWith(NODE_KEY, _sheetHash(item.sheet));
        item.receiptSignature = _signWith(NODE_KEY, _receiptHash(item));
        item.acceptanceSignature = _signWith(orderKey, _acceptanceHash(item));
        return item;
    }

    function _link(ISettlements.Settlement memory item) internal view {
        item.award.orderHash = _orderHash(item.order);
        bytes32 leaf = _leaf(item.award.orderHash, item.agentVersion, item.ask, item.promisedSeconds, 0);
        bytes32 other = _leaf(keccak256("other order"), 0, 0, 0, 2);
        item.proof = new bytes32[](1);
        item.proof[0] = other;
        item.sheet.answersRoot =
            leaf < other ? keccak256(abi.encode(leaf, other)) : keccak256(abi.encode(other, leaf));
    }

    function _slashEvidence(ISettlements.Settlement memory item)
        internal
        pure
        returns (ISlashes.SlashEvidence memory)
    {
        return ISlashes.SlashEvidence({
            order: item.order,
            award: item.award,
            nodeSignature: item.nodeSignature,
            sheet: item.sheet,
            sheetSignature: item.sheetSignature,
            agentVersion: item.agentVersion,
            ask: item.ask,
            promisedSeconds: item.promisedSeconds,
            proof: item.proof
        });
    }

    function _leaf(bytes32 orderHash, bytes32 agentVersion, uint256 ask, uint32 promisedSeconds, uint8 reason)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(bytes.concat(keccak256(abi.encode(orderHash, agentVersion, ask, promisedSeconds, reason))));
    }

    function _orderHash(TypedData.Order memory order) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(TypedData.ORDER_TYPEHASH, order)));
    }

    function _awardHash(TypedData.Award memory award) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(TypedData.AWARD_TYPEHASH, award)));
    }

    function _sheetHash(TypedData.BidSheet memory sheet) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(TypedData.BID_SHEET_TYPEHASH, sheet)));
    }

    function _sessionHash(TypedData.SessionKey memory session) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(TypedData.SESSION_KEY_TYPEHASH, session)));
    }

    function _receiptHash(ISettlements.Settlement memory item) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(TypedData.RECEIPT_TYPEHASH, _awardHash(item.award), item.resultHash)));
    }

    function _acceptanceHash(ISettlements.Settlement memory item) internal view returns (bytes32) {
        return _digest(
            keccak256(
                abi.encode(
                    TypedData.ACCEPTANCE_TYPEHASH, _orderHash(item.order), item.resultHash, item.award.price
                )
            )
        );
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", _domain(), structHash));
    }

    function _domain() internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Stoa"),
                keccak256("1"),
                block.chainid,
                address(vault)
            )
        );
    }

    function _signWith(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert Unequal(actual, expected);
    }

    function assertTrue(bool condition) internal pure {
        if (!condition) revert Untrue();
    }

    function _bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
