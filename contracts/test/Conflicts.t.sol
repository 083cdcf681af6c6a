// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {ISlashes} from "../src/interfaces/ISlashes.sol";
import {Vault} from "../src/Vault.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Ten percent of the stake is taken, a tenth of that is the reporter's.
contract ConflictsTest is MarketFixture {
    bytes32 private constant AWARD = keccak256("award");
    bytes32 private constant ROUND = keccak256("round id");

    function setUp() public override {
        super.setUp();
        _stake(PROVIDER, 50 * DOLLAR);
    }

    function _receipt(uint256 key, bytes32 result) private view returns (bytes memory) {
        return _signWith(key, _digest(keccak256(abi.encode(TypedData.RECEIPT_TYPEHASH, AWARD, result))));
    }

    function _results() private view returns (bytes32[2] memory results, bytes[2] memory signatures) {
        results = [keccak256("one"), keccak256("other")];
        signatures = [_receipt(NODE_KEY, results[0]), _receipt(NODE_KEY, results[1])];
    }

    function _sheets() private view returns (TypedData.BidSheet[2] memory sheets, bytes[2] memory signatures) {
        for (uint256 i = 0; i < 2; ++i) {
            sheets[i] = _unsigned(1).sheet;
            sheets[i].roundId = ROUND;
            sheets[i].answersRoot = bytes32(i + 1);
            signatures[i] = _signWith(NODE_KEY, _sheetHash(sheets[i]));
        }
    }

    function _reportResults() private {
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        vm.prank(STRANGER);
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
    }

    function _reportSheets() private {
        (TypedData.BidSheet[2] memory sheets, bytes[2] memory signatures) = _sheets();
        vm.prank(STRANGER);
        nodes.reportSheets(PROVIDER, address(token), sheets, signatures);
    }

    function _conflict(ISettlements.Signed what, bytes32 about) private view returns (bytes32) {
        return keccak256(abi.encode(what, NODE, about));
    }

    function _expectTaken(uint256 left) private view {
        (uint256 staked, uint256 unstaking,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        assertEq(staked + unstaking, left);
    }

    function test_two_results_for_one_award_cost_a_share_of_the_stake() public {
        vm.expectEmit();
        emit ISlashes.SlashedForConflict(
            PROVIDER,
            NODE,
            address(token),
            5 * DOLLAR,
            _conflict(ISettlements.Signed.Receipt, AWARD),
            STRANGER,
            DOLLAR / 2
        );
        _reportResults();
        vm.snapshotGasLastCall("reportResults");
        _expectTaken(45 * DOLLAR);
        assertEq(nodes.rewardsOf(STRANGER, address(token)), DOLLAR / 2);
        assertEq(nodes.rewardsOf(FAULTS, address(token)), 5 * DOLLAR - DOLLAR / 2);
        nodes.claimRewards(STRANGER, address(token));
        nodes.claimRewards(FAULTS, address(token));
        assertEq(token.balanceOf(STRANGER), DOLLAR / 2);
        assertEq(token.balanceOf(address(nodes)), 45 * DOLLAR);
    }

    function test_two_sheets_with_other_answers_for_one_round_cost_a_share_of_the_stake() public {
        vm.expectEmit();
        emit ISlashes.SlashedForConflict(
            PROVIDER,
            NODE,
            address(token),
            5 * DOLLAR,
            _conflict(ISettlements.Signed.BidSheet, ROUND),
            STRANGER,
            DOLLAR / 2
        );
        _reportSheets();
        vm.snapshotGasLastCall("reportSheets");
        _expectTaken(45 * DOLLAR);
    }

    function test_conflict_is_punished_once_whatever_is_shown_for_it() public {
        _reportResults();
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        (results[0], results[1]) = (results[1], keccak256("a third"));
        (signatures[0], signatures[1]) = (signatures[1], _receipt(NODE_KEY, results[1]));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISlashes.AlreadyPunished.selector,
                _conflict(ISettlements.Signed.Receipt, AWARD),
                PROVIDER,
                address(token)
            )
        );
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
        _reportSheets();
        (TypedData.BidSheet[2] memory sheets, bytes[2] memory signed) = _sheets();
        (sheets[0], sheets[1]) = (sheets[1], sheets[0]);
        (signed[0], signed[1]) = (signed[1], signed[0]);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISlashes.AlreadyPunished.selector,
                _conflict(ISettlements.Signed.BidSheet, ROUND),
                PROVIDER,
                address(token)
            )
        );
        nodes.reportSheets(PROVIDER, address(token), sheets, signed);
        // A tenth of 50 dollars, then a tenth of what was left.
        _expectTaken(45 * DOLLAR - 45 * DOLLAR / 10);
    }

    function test_reporting_a_worthless_stake_first_saves_nobody() public {
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        vm.expectRevert(
            abi.encodeWithSelector(ISlashes.NothingToTake.selector, STRANGER, NODE, address(token))
        );
        nodes.reportResults(STRANGER, NODE, address(token), AWARD, results, signatures);
        _stake(STRANGER, 10);
        nodes.reportResults(STRANGER, NODE, address(token), AWARD, results, signatures);
        _reportResults();
        _expectTaken(45 * DOLLAR);
    }

    function test_conflict_reaches_what_waits_to_be_unstaked() public {
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 50 * DOLLAR);
        _reportResults();
        (uint256 staked, uint256 unstaking,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        assertEq(staked, 0);
        assertEq(unstaking, 45 * DOLLAR);
    }

    function test_one_result_signed_twice_is_no_conflict() public {
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        results[1] = results[0];
        vm.expectRevert(ISlashes.NoConflict.selector);
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
    }

    function test_sheets_conflict_only_within_a_round_by_one_node_with_other_answers() public {
        for (uint256 which = 0; which < 3; ++which) {
            (TypedData.BidSheet[2] memory sheets, bytes[2] memory signatures) = _sheets();
            if (which == 0) sheets[1].roundId = keccak256("another round");
            else if (which == 1) sheets[1].node = STRANGER;
            else sheets[1].answersRoot = sheets[0].answersRoot;
            signatures[1] = _signWith(NODE_KEY, _sheetHash(sheets[1]));
            vm.expectRevert(ISlashes.NoConflict.selector);
            nodes.reportSheets(PROVIDER, address(token), sheets, signatures);
        }
    }

    /// @dev Whatever the reporter makes up, it is not the node's word.
    function testFuzz_nobody_frames_a_node(uint256 key, bool second) public {
        key = _bound(key, 1, type(uint128).max);
        if (key == NODE_KEY) return;
        uint256 which = second ? 1 : 0;
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        signatures[which] = _receipt(key, results[which]);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.Receipt, NODE, vm.addr(key)
            )
        );
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
        (TypedData.BidSheet[2] memory sheets, bytes[2] memory signed) = _sheets();
        signed[which] = _signWith(key, _sheetHash(sheets[which]));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.BidSheet, NODE, vm.addr(key)
            )
        );
        nodes.reportSheets(PROVIDER, address(token), sheets, signed);
        _expectTaken(50 * DOLLAR);
    }

    function test_unreadable_signatures_do_not_pass_for_the_zero_address() public {
        (bytes32[2] memory results,) = _results();
        bytes[2] memory unreadable = [new bytes(65), new bytes(65)];
        vm.expectPartialRevert(ISettlements.WrongSigner.selector);
        nodes.reportResults(PROVIDER, address(0), address(token), AWARD, results, unreadable);
    }

    function test_messages_for_another_market_or_chain_prove_nothing_here() public {
        Vault other = new Vault(address(authority), _parameters(), address(batches));
        Vault own = vault;
        vault = other;
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        vault = own;
        vm.expectPartialRevert(ISettlements.WrongSigner.selector);
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
        (results, signatures) = _results();
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(ISettlements.WrongSigner.selector);
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
    }

    /// @dev The reporter can be the node's own provider: what it gets back at once must stay a small part.
    function testFuzz_shares_add_up_and_reporting_oneself_never_pays(
        uint256 amount,
        uint16 stakeBps,
        uint16 reporterBps
    ) public {
        _stake(PROVIDER, _bound(amount, 1, 1e30));
        stakeBps = uint16(_bound(stakeBps, 1, nodes.MAX_CONFLICT_BPS()));
        reporterBps = uint16(_bound(reporterBps, 0, nodes.MAX_REPORTER_BPS()));
        vm.prank(GOVERNOR);
        nodes.setConflictShares(stakeBps, reporterBps);
        (uint256 before,,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        _reportResults();
        (uint256 left,,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        uint256 toReporter = nodes.rewardsOf(STRANGER, address(token));
        assertEq(before - left, before * stakeBps / 10_000);
        assertEq(toReporter + nodes.rewardsOf(FAULTS, address(token)), before - left);
        assertTrue(toReporter * 5 <= before - left);
        assertTrue(left * 2 >= before);
    }

    function test_governance_that_turns_conflicts_off_takes_nothing() public {
        vm.prank(GOVERNOR);
        nodes.setConflictShares(0, 0);
        (bytes32[2] memory results, bytes[2] memory signatures) = _results();
        vm.expectRevert(
            abi.encodeWithSelector(ISlashes.NothingToTake.selector, PROVIDER, NODE, address(token))
        );
        nodes.reportResults(PROVIDER, NODE, address(token), AWARD, results, signatures);
    }
}
